package org.bame.kernel;

/** Softmax cross-entropy of a minibatch, in double precision and one fixed order: the tensors are small. */
final class SoftmaxCrossEntropy {
    private SoftmaxCrossEntropy() {}

    /** See {@link Kernels#softmaxCrossEntropy}; the arguments are checked here. */
    static double run(
            int images, int classes, double smoothing, Storage logits, Storage labels, Storage gradient) {
        Checks.softmax(images, classes, smoothing, logits, labels, gradient);
        double total = 0;
        for (int image = 0; image < images; image++) {
            total += image((long) image * classes, classes, smoothing, logits, labels, gradient);
        }
        return total;
    }

    private static double image(
            long first, int classes, double smoothing, Storage logits, Storage labels, Storage gradient) {
        // Subtracting the largest logit keeps exp from overflowing.
        double largest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < classes; c++) {
            largest = Math.max(largest, logits.get(first + c));
        }
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            sum += Math.exp(logits.get(first + c) - largest);
        }
        double logSum = largest + Math.log(sum);
        double loss = 0;
        for (int c = 0; c < classes; c++) {
            double logProbability = logits.get(first + c) - logSum;
            double target = (1 - smoothing) * labels.get(first + c) + smoothing / classes;
            if (target != 0) {
                loss -= target * logProbability;
            }
            if (gradient != null) {
                gradient.set(first + c, Math.exp(logProbability) - target);
            }
        }
        return loss;
    }
}
