package org.bame.method;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A method that treats its layers one by one: keeps them, forwards the hooks, and writes checkpoints that say what they
 * belong to.
 *
 * @param <L> what it does to a layer
 */
public final class LayerwiseMethod<L extends LayerMethod> implements TrainingMethod {
    private static final String FORMAT = "bame-method/2";

    private final String name;
    private final String choices;
    private final Factory<L> factory;
    private final List<MaskedLayer> maskedLayers = new ArrayList<>();
    private final List<L> layers = new ArrayList<>();

    /**
     * A method without layers yet.
     *
     * @param name of the method, as users type it: checkpoints carry it
     * @param choices pattern and configuration in words: checkpoints of runs with other ones are refused
     */
    public LayerwiseMethod(String name, String choices, Factory<L> factory) {
        this.name = name;
        this.choices = choices;
        this.factory = factory;
    }

    @Override
    public String signature() {
        return name + " with " + choices;
    }

    /** The layers' parts, in the network's order. */
    public List<L> layers() {
        return layers;
    }

    @Override
    public void attach(List<MaskedLayer> attached) {
        if (!layers.isEmpty()) {
            throw new IllegalStateException("Method '" + name + "' is already attached to " + layers.size()
                    + " layers; expected one network a method: create another");
        }
        for (int i = 0; i < attached.size(); i++) {
            maskedLayers.add(attached.get(i));
            layers.add(factory.create(i, attached.get(i)));
        }
    }

    @Override
    public ProductPlan plan(int layer, Step step) {
        return layers.get(layer).plan(step);
    }

    @Override
    public PlanPromise promise(int layer, Step step) {
        return layers.get(layer).promise(step);
    }

    @Override
    public void transformGradients(Step step) {
        layers.forEach(layer -> layer.transformGradient(step));
    }

    @Override
    public void afterUpdate(Step step) {
        layers.forEach(layer -> layer.afterUpdate(step));
    }

    @Override
    public List<LayerStatistics> statistics() {
        return layers.stream().map(LayerMethod::drainStatistics).toList();
    }

    @Override
    public List<Adaptation> drainAdaptations() {
        return layers.stream()
                .flatMap(layer -> layer.drainAdaptations().stream())
                .sorted(Comparator.comparingLong(Adaptation::step))
                .toList();
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeUTF(FORMAT);
        out.writeUTF(name);
        out.writeUTF(choices);
        out.writeInt(layers.size());
        for (MaskedLayer layer : maskedLayers) {
            out.writeUTF(layer.name());
            out.writeUTF(layer.shape().toString());
        }
        for (L layer : layers) {
            layer.save(out);
        }
    }

    /**
     * As {@link TrainingMethod#restore}; nothing has changed if it refuses.
     *
     * @throws IllegalArgumentException if the state is another format's, method's or network's; the message tells which
     */
    @Override
    public void restore(DataInput in) throws IOException {
        require("format", FORMAT, in.readUTF());
        require("method", name, in.readUTF());
        require("method's choices", choices, in.readUTF());
        require("number of sparse layers", Integer.toString(layers.size()), Integer.toString(in.readInt()));
        for (int i = 0; i < layers.size(); i++) {
            require("name of layer " + i, maskedLayers.get(i).name(), in.readUTF());
            require("shape of layer " + i, maskedLayers.get(i).shape().toString(), in.readUTF());
        }
        for (L layer : layers) {
            layer.restore(in);
        }
    }

    private static void require(String what, String expected, String got) {
        if (!expected.equals(got)) {
            throw new IllegalArgumentException("Method state in checkpoint: " + what + " is '" + got + "', expected '"
                    + expected + "': the checkpoint belongs to another run; restore it there, or train anew");
        }
    }

    /** Makes a layer's part. */
    @FunctionalInterface
    public interface Factory<L extends LayerMethod> {
        /**
         * Makes one.
         *
         * @param index of the layer among the attached ones
         */
        L create(int index, MaskedLayer layer);
    }
}
