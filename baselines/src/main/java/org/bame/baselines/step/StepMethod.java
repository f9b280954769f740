package org.bame.baselines.step;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import org.bame.flops.CostModel;
import org.bame.method.Adaptation;
import org.bame.method.LayerStatistics;
import org.bame.method.LayerwiseMethod;
import org.bame.method.MaskedLayer;
import org.bame.method.MethodContext;
import org.bame.method.Optimizer;
import org.bame.method.Preconditioner;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.NmSelection;

/**
 * STEP (Lu et al., ICML 2023, arXiv 2302.01172; methods.md 5.8, after the re-implementation in 2by4-pretrain).
 *
 * <ul>
 *   <li>Phase 1: dense AdamW, until its second moments have settled: see {@link PhaseSwitch}. The change of a step is the mean
 *       over the weights of all sparsifiable layers.
 *   <li>Phase 2: straight-through N:M training, in which the second moments of these layers stay as they are:
 *       {@code w -= rate / (1 - beta1^t) * m_t / (sqrt(v) + epsilon^(3/4))}. The decoupled decay goes on, and so does plain
 *       AdamW on all other parameters [CODE].
 * </ul>
 */
final class StepMethod implements TrainingMethod {
    static final String NAME = "step";

    private final StepConfiguration configuration;
    private final PhaseSwitch phases;
    private final double density;
    private final Preconditioner frozen;
    private final LayerwiseMethod<StepLayer> layers;

    StepMethod(StepConfiguration configuration, MethodContext context, Optimizer.AdamW adam) {
        this.configuration = configuration;
        this.phases = new PhaseSwitch(configuration, context, adam);
        this.density = context.nm().density();
        this.frozen = new Preconditioner.Frozen(StrictMath.pow(adam.epsilon(), 0.75));
        NmSelection selection = new NmSelection(context.nm());
        this.layers = new LayerwiseMethod<>(
                NAME, context + ", " + configuration, (index, layer) -> new StepLayer(layer, selection, phases));
    }

    @Override
    public String signature() {
        return layers.signature();
    }

    @Override
    public void attach(List<MaskedLayer> attached) {
        layers.attach(attached);
    }

    @Override
    public ProductPlan plan(int layer, Step step) {
        return layers.plan(layer, step);
    }

    @Override
    public void transformGradients(Step step) {
        layers.transformGradients(step);
    }

    @Override
    public Preconditioner preconditioner(Step step) {
        return phases.sparseAt(step.index()) ? frozen : Preconditioner.ADAPTIVE;
    }

    @Override
    public void afterUpdate(Step step) {
        layers.afterUpdate(step);
        if (!phases.decided()) {
            phases.record(step.index(), meanChange());
            if (phases.decided()) {
                layers.layers().forEach(StepLayer::endPhaseOne);
            }
        }
    }

    private double meanChange() {
        double sum = 0;
        long weights = 0;
        for (StepLayer layer : layers.layers()) {
            sum += layer.sumOfChanges(configuration.mean());
            weights += layer.size();
        }
        double mean = sum / weights;
        return switch (configuration.mean()) {
            case ARITHMETIC -> mean;
            case GEOMETRIC -> StrictMath.exp(mean);
        };
    }

    /** Where the run stands, for tests. */
    PhaseSwitch phases() {
        return phases;
    }

    @Override
    public CostModel costs(CostModel planned) {
        return phases.decided() ? new StepCosts(phases.firstSparseStep(), density) : planned;
    }

    @Override
    public List<LayerStatistics> statistics() {
        return layers.statistics();
    }

    @Override
    public List<Adaptation> drainAdaptations() {
        return layers.drainAdaptations();
    }

    @Override
    public void save(DataOutput out) throws IOException {
        layers.save(out);
        phases.save(out);
    }

    @Override
    public void restore(DataInput in) throws IOException {
        layers.restore(in);
        phases.restore(in);
        if (phases.decided()) {
            layers.layers().forEach(StepLayer::endPhaseOne);
        }
    }
}
