package org.bame.harness.networks;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.DoubleFunction;
import java.util.function.IntFunction;
import org.bame.datasets.Modality;
import org.bame.flops.WeightedLayer;
import org.bame.kernel.FeatureShape;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * A network whose every property follows from its {@link NetworkPlan}.
 *
 * @param name that users type
 * @param describe one line
 * @param usualInput images it was designed for
 * @param usualClasses classes it was designed for
 * @param planner the plan for given images and classes
 * @param widening makes the network with so many times the channels; empty if it has no such parameter
 * @param dropping makes the network with so much stochastic depth; empty if it has no such parameter
 */
public record PlannedNetwork(
        String name,
        String describe,
        FeatureShape usualInput,
        int usualClasses,
        BiFunction<FeatureShape, Integer, NetworkPlan> planner,
        Optional<IntFunction<NetworkFactory>> widening,
        Optional<DoubleFunction<NetworkFactory>> dropping)
        implements
            NetworkFactory {

    /** A network of many widths, without stochastic depth. */
    public PlannedNetwork(
            String name,
            String describe,
            FeatureShape usualInput,
            int usualClasses,
            BiFunction<FeatureShape, Integer, NetworkPlan> planner,
            Optional<IntFunction<NetworkFactory>> widening) {
        this(name, describe, usualInput, usualClasses, planner, widening, Optional.empty());
    }

    /** A network of one width, without stochastic depth. */
    public PlannedNetwork(
            String name,
            String describe,
            FeatureShape usualInput,
            int usualClasses,
            BiFunction<FeatureShape, Integer, NetworkPlan> planner) {
        this(name, describe, usualInput, usualClasses, planner, Optional.empty());
    }

    /** Text, if it looks vectors up. */
    @Override
    public Modality modality() {
        return plan(usualInput, usualClasses).nodes().stream().anyMatch(TokenNodes.Lookup.class::isInstance)
                ? Modality.TEXT
                : Modality.IMAGES;
    }

    @Override
    public Optional<NetworkFactory> widened(int factor) {
        return factor == 1 ? Optional.of(this) : widening.map(wider -> wider.apply(factor));
    }

    @Override
    public Optional<NetworkFactory> withDropPath(double probability) {
        return probability == 0 ? Optional.of(this) : dropping.map(dropper -> dropper.apply(probability));
    }

    /** The plan for given images and classes. */
    public NetworkPlan plan(FeatureShape input, int classes) {
        return planner.apply(input, classes);
    }

    @Override
    public List<WeightedLayer> weightedLayers(FeatureShape input, int classes) {
        return plan(input, classes).weightedLayers();
    }

    @Override
    public long extraMacsPerSample(FeatureShape input, int classes) {
        return plan(input, classes).extraMacsPerSample();
    }

    @Override
    public long parameters(FeatureShape input, int classes) {
        return plan(input, classes).parameters();
    }

    @Override
    public ComputationGraphConfiguration build(NetworkRequest request) {
        return GraphAssembler.assemble(plan(request.input(), request.classes()), request);
    }
}
