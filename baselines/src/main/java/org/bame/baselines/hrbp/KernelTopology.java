package org.bame.baselines.hrbp;

import java.lang.foreign.MemorySegment;
import org.bame.baselines.dynamic.DropAndGrow;
import org.bame.baselines.dynamic.Growth;
import org.bame.baselines.dynamic.Topology;
import org.bame.kernel.ElementType;
import org.bame.kernel.Storage;
import org.bame.method.LayerRandom;
import org.bame.method.MaskedLayer;
import org.bame.sparsity.Mask;
import org.bame.sparsity.MaskPromise;
import org.bame.sparsity.MaskSelection;
import org.bame.sparsity.TopScores;
import org.bame.sparsity.WeightShape;

/**
 * Dense blocks of kernels (methods.md 5.6). A kernel-wise mask, an output and an input channel a bit, is evolved as RigL
 * evolves weights, by the L1 norms of the kernels' weights and gradients. Then outputs whose rows of it are alike form a group,
 * and each group keeps the input channels whose kernels have the largest norms in sum, whole. So the blocks are dense in the
 * forward product and in the input gradient, where outputs and inputs change places.
 *
 * <p>At an update a kernel counts in these sums if it stays, and if it was grown: as much as those that stay do on average,
 * since it has no weights yet. Where a group has fewer channels that count, the first others fill it up.
 */
final class KernelTopology implements Topology {
    private final MaskedLayer layer;
    private final WeightShape shape;
    private final HrbpConfiguration configuration;
    private final DropAndGrow dropAndGrow;
    private final TopScores top = new TopScores();
    private final long seed;
    private final int index;
    private final int channels;
    private final Mask kernels;
    private final Mask evolved;
    private final Mask grown;
    private final Storage weightNorms;
    private final Storage gradientNorms;

    /**
     * One layer's topology.
     *
     * @param dropAndGrow may be shared by layers that one thread serves
     * @param seed of the run
     * @param index of the layer
     */
    KernelTopology(
            MaskedLayer layer, HrbpConfiguration configuration, DropAndGrow dropAndGrow, long seed, int index) {
        this.layer = layer;
        this.shape = layer.shape();
        this.configuration = configuration;
        this.dropAndGrow = dropAndGrow;
        this.seed = seed;
        this.index = index;
        WeightShape kernelShape = WeightShape.linear(shape.outputs(), shape.inputs());
        this.channels = (int) Math.max(1, Math.round(layer.pattern().density() * shape.inputs()));
        this.kernels = Mask.empty(kernelShape);
        this.evolved = Mask.empty(kernelShape);
        this.grown = Mask.empty(kernelShape);
        this.weightNorms = Storage.allocate(ElementType.FLOAT, kernelShape.size());
        this.gradientNorms = Storage.allocate(ElementType.FLOAT, kernelShape.size());
    }

    @Override
    public void begin(Mask mask) {
        norms(layer.weights(), weightNorms);
        MaskSelection selection = MaskSelection.of(layer.pattern());
        switch (configuration.initialMask()) {
            case MAGNITUDE -> selection.select(weightNorms.segment(), kernels);
            case RANDOM -> selection.selectRandom(LayerRandom.of(seed, index, 0), kernels);
        }
        group(kernels, mask);
    }

    @Override
    public MaskPromise promise() {
        return new KernelBlocks(channels, configuration.groupSize());
    }

    @Override
    public boolean needsDenseGradient() {
        return configuration.growth() == Growth.GRADIENT;
    }

    @Override
    public void evolve(Update update, Mask next) {
        norms(update.weights(), weightNorms);
        norms(update.gradient(), gradientNorms);
        for (int output = 0; output < shape.outputs(); output++) {
            for (int input = 0; input < shape.inputs(); input++) {
                kernels.set(output * shape.inputs() + input, update.mask().get(shape.index(output, 0, 0, input)));
            }
        }
        dropAndGrow.exchange(
                new Update(update.step(), update.share(), weightNorms, gradientNorms, kernels),
                configuration.growth(),
                LayerRandom.of(seed, index, update.step()),
                grown,
                evolved);
        score();
        group(evolved, next);
    }

    /** Makes the norms what kernels count at an update. */
    private void score() {
        int size = kernels.shape().size();
        double sum = 0;
        int staying = 0;
        for (int i = 0; i < size; i++) {
            if (evolved.get(i) && kernels.get(i)) {
                sum += weightNorms.get(i);
                staying++;
            } else {
                weightNorms.set(i, 0);
            }
        }
        double mean = staying == 0 ? 1 : sum / staying;
        for (int i = evolved.nextKept(0, size); i >= 0; i = evolved.nextKept(i + 1, size)) {
            if (!kernels.get(i)) {
                weightNorms.set(i, mean);
            }
        }
    }

    /** Keeps, for the groups of a kernel-wise mask, the channels of largest norm. */
    private void group(Mask kernelMask, Mask mask) {
        int inputs = shape.inputs();
        int[] groups = FilterGroups.of(kernelMask, configuration.groupSize());
        WeightShape blockShape = WeightShape.linear(Math.ceilDiv(shape.outputs(), configuration.groupSize()), inputs);
        float[] sums = new float[blockShape.size()];
        for (int output = 0; output < shape.outputs(); output++) {
            for (int input = 0; input < inputs; input++) {
                sums[groups[output] * inputs + input] += (float) weightNorms.get((long) output * inputs + input);
            }
        }
        Mask blocks = Mask.empty(blockShape);
        for (int first = 0; first < sums.length; first += inputs) {
            top.select(MemorySegment.ofArray(sums), first, first + inputs, channels, blocks);
        }
        for (int i = 0; i < shape.size(); i++) {
            mask.set(i, blocks.get(groups[i / shape.rowLength()] * inputs + i % inputs));
        }
    }

    /** L1 norms of the kernels. */
    private void norms(Storage values, Storage norms) {
        norms.fill(0);
        int inputs = shape.inputs();
        for (int i = 0; i < shape.size(); i++) {
            long kernel = (long) i / shape.rowLength() * inputs + i % inputs;
            norms.set(kernel, norms.get(kernel) + Math.abs(values.get(i)));
        }
    }
}
