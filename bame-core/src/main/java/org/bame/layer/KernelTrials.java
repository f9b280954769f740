package org.bame.layer;

import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.bame.kernel.BatchLayout;
import org.bame.kernel.ConvolutionKernel;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.ElementType;
import org.bame.kernel.Kernels;
import org.bame.kernel.Product;
import org.bame.kernel.Storage;
import org.bame.method.MaskArithmetic;
import org.bame.sparsity.Mask;
import org.bame.sparsity.MaskSelection;
import org.bame.sparsity.SparsityPattern;
import org.bame.sparsity.Support;

/**
 * Chooses by measuring, for {@link KernelPolicy#AUTO}: each distinct shape, pattern and product, with the run's own kernels and
 * a random mask, sparse and dense in turn; the smaller minimum wins. The dense candidates pay for what masks them, as in
 * training: a copy of the weights with zeros, or zeros in the gradient.
 */
final class KernelTrials implements LayerExecution.Chooser {
    /** Untimed turns go on for so long, for the compiler, and at least so many times. */
    private static final long WARM_UP_NANOS = 200_000_000L;
    private static final int WARM_UP_TURNS = 3;
    private static final int TIMED_TURNS = 7;
    /** With slow kernels there are fewer turns than that, but one. */
    private static final long MOST_NANOS = 2_000_000_000L;
    private static final long SEED = 1;

    private final Kernels kernels;
    private final Map<Case, LayerExecution> choices = new HashMap<>();

    /** @param kernels of the run */
    KernelTrials(Kernels kernels) {
        this.kernels = kernels;
    }

    @Override
    public LayerExecution choose(ConvolutionShape shape, SparsityPattern pattern, BatchLayout batch) {
        return choices.computeIfAbsent(new Case(shape, pattern), any -> measure(shape, pattern, batch));
    }

    private LayerExecution measure(ConvolutionShape shape, SparsityPattern pattern, BatchLayout batch) {
        try (Arena arena = Arena.ofShared()) {
            Trial trial = new Trial(kernels.convolution(shape, batch), pattern, arena);
            return new LayerExecution(
                    faster(trial, Product.FORWARD),
                    faster(trial, Product.INPUT_GRADIENT),
                    faster(trial, Product.WEIGHT_GRADIENT));
        }
    }

    private static LayerExecution.Mode faster(Trial trial, Product product) {
        long start = System.nanoTime();
        for (int turn = 0; turn < WARM_UP_TURNS && System.nanoTime() - start < MOST_NANOS
                || System.nanoTime() - start < WARM_UP_NANOS; turn++) {
            trial.sparseNanos(product);
            trial.denseNanos(product);
        }
        long sparse = Long.MAX_VALUE;
        long dense = Long.MAX_VALUE;
        start = System.nanoTime();
        for (int turn = 0; turn == 0 || turn < TIMED_TURNS && System.nanoTime() - start < MOST_NANOS; turn++) {
            sparse = Math.min(sparse, trial.sparseNanos(product));
            dense = Math.min(dense, trial.denseNanos(product));
        }
        return dense < sparse ? LayerExecution.Mode.MASKED_DENSE : LayerExecution.Mode.SPARSE;
    }

    private record Case(ConvolutionShape shape, SparsityPattern pattern) {}

    /** One shape's kernel with numbers of its own; what they are changes no product's time. */
    private static final class Trial {
        private final ConvolutionKernel kernel;
        private final Mask mask;
        private final Support support;
        private final Storage weights;
        private final Storage maskedWeights;
        private final Storage gradient;
        private final Storage x;
        private final Storage y;
        private final Storage dx;
        private final Storage dy;

        Trial(ConvolutionKernel kernel, SparsityPattern pattern, Arena arena) {
            ConvolutionShape shape = kernel.shape();
            this.kernel = kernel;
            this.mask = Mask.empty(shape.weights(), pattern.rowGroup());
            MaskSelection.of(pattern).selectRandom(new SplittableRandom(SEED), mask);
            this.support = Support.of(mask);
            this.weights = ones(arena, shape.weights().size());
            this.maskedWeights = ones(arena, weights.size());
            this.gradient = ones(arena, weights.size());
            this.x = ones(arena, kernel.batch().elements(shape.input()));
            this.dx = ones(arena, x.size());
            this.y = ones(arena, kernel.batch().elements(shape.output()));
            this.dy = ones(arena, y.size());
        }

        private static Storage ones(Arena arena, long size) {
            Storage storage = Storage.allocate(arena, ElementType.FLOAT, size);
            storage.fill(1);
            return storage;
        }

        long sparseNanos(Product product) {
            long start = System.nanoTime();
            run(product, support, weights);
            return System.nanoTime() - start;
        }

        long denseNanos(Product product) {
            long start = System.nanoTime();
            if (product != Product.WEIGHT_GRADIENT) {
                maskedWeights.copyFrom(weights);
                MaskArithmetic.zeroOutside(mask, maskedWeights);
            }
            run(product, Support.DENSE, maskedWeights);
            if (product == Product.WEIGHT_GRADIENT) {
                MaskArithmetic.zeroOutside(mask, gradient);
            }
            return System.nanoTime() - start;
        }

        private void run(Product product, Support on, Storage by) {
            switch (product) {
                case FORWARD -> kernel.forward(on, by, x, y);
                case INPUT_GRADIENT -> kernel.inputGradient(on, by, dy, dx);
                case WEIGHT_GRADIENT -> kernel.weightGradient(on, x, dy, gradient);
            }
        }
    }
}
