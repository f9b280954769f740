package org.bame.harness.run;

import org.bame.layer.SparseTrainer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Measures predictions on the samples kept for that. */
final class Evaluation {

    private final RunSamples samples;
    private final int classes;
    private final int positions;
    private int predictions;
    private int correct;
    private double lossSum;

    private Evaluation(RunSamples samples) {
        this.samples = samples;
        this.classes = samples.classes();
        this.positions = samples.positions();
    }

    /** Looks at every sample once; each prediction counts alike. */
    static TestResult of(RunSamples samples, SparseTrainer trainer) {
        Evaluation evaluation = new Evaluation(samples);
        evaluation.run(trainer);
        return new TestResult(
                (double) evaluation.correct / evaluation.predictions, evaluation.lossSum / evaluation.predictions);
    }

    private void run(SparseTrainer trainer) {
        try (RunSamples.Pass batches = samples.evaluation()) {
            while (batches.hasNext()) {
                BatchArrays batch = batches.next();
                INDArray logits = trainer.logits(batch.features());
                add(logits.dup('c').data().asFloat(), batch);
            }
        }
    }

    private void add(float[] logits, BatchArrays batch) {
        for (int image = 0; image < batch.images(); image++) {
            for (int position = 0; position < positions; position++) {
                int target = batch.target(image, position);
                if (target >= 0) {
                    add(logits, image * classes * positions + position, target);
                }
            }
        }
    }

    /** One prediction, whose logits are every {@code positions}-th number from {@code first} on. */
    private void add(float[] logits, int first, int target) {
        int best = 0;
        for (int c = 1; c < classes; c++) {
            if (logits[first + c * positions] > logits[first + best * positions]) {
                best = c;
            }
        }
        float largest = logits[first + best * positions];
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            sum += Math.exp(logits[first + c * positions] - largest);
        }
        predictions++;
        correct += best == target ? 1 : 0;
        lossSum += largest + Math.log(sum) - logits[first + target * positions];
    }
}
