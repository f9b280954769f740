package org.bame.kernel;

/** Softmax cross-entropy of a minibatch, in double precision and one fixed order. */
final class SoftmaxCrossEntropy {
    private SoftmaxCrossEntropy() {}

    /** See {@link Kernels#softmaxCrossEntropy}; the arguments are checked here. */
    static double run(
            int images, int classes, int positions, double smoothing, Storage logits, Storage labels,
            Storage gradient) {
        Checks.softmax(images, classes, positions, smoothing, logits, labels, gradient);
        double total = 0;
        for (int image = 0; image < images; image++) {
            long first = (long) image * classes * positions;
            double sum = 0;
            for (int position = 0; position < positions; position++) {
                sum += prediction(first + position, classes, positions, smoothing, logits, labels, gradient);
            }
            total += sum / positions;
        }
        return total;
    }

    /** Loss of the prediction whose logits are every {@code positions}-th number from {@code first} on. */
    static double prediction(
            long first, int classes, int positions, double smoothing, Storage logits, Storage labels,
            Storage gradient) {
        // Subtracting the largest logit keeps exp from overflowing.
        double largest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < classes; c++) {
            largest = Math.max(largest, logits.get(first + (long) c * positions));
        }
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            sum += Math.exp(logits.get(first + (long) c * positions) - largest);
        }
        double logSum = largest + Math.log(sum);
        double loss = 0;
        for (int c = 0; c < classes; c++) {
            long at = first + (long) c * positions;
            double logProbability = logits.get(at) - logSum;
            double target = (1 - smoothing) * labels.get(at) + smoothing / classes;
            if (target != 0) {
                loss -= target * logProbability;
            }
            if (gradient != null) {
                gradient.set(at, (Math.exp(logProbability) - target) / positions);
            }
        }
        return loss;
    }
}
