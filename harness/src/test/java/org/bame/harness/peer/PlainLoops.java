package org.bame.harness.peer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bame.harness.networks.NetworkNode;
import org.bame.harness.networks.NetworkPlan;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.FeatureShape;

/** Products and networks by plain loops on numbers in the order of {@link PeerFiles}. */
final class PlainLoops {

    private static final double EPSILON = 1e-5;

    private PlainLoops() {}

    private interface Visitor {
        void visit(int x, int weight, int y);
    }

    static float[] forward(ConvolutionShape shape, int batch, float[] weights, float[] x) {
        float[] y = new float[batch * shape.output().elementsPerImage()];
        visit(shape, batch, (i, w, o) -> y[o] += weights[w] * x[i]);
        return y;
    }

    static float[] inputGradient(ConvolutionShape shape, int batch, float[] weights, float[] dy) {
        float[] dx = new float[batch * shape.input().elementsPerImage()];
        visit(shape, batch, (i, w, o) -> dx[i] += weights[w] * dy[o]);
        return dx;
    }

    static float[] weightGradient(ConvolutionShape shape, int batch, float[] x, float[] dy) {
        float[] dw = new float[shape.weights().size()];
        visit(shape, batch, (i, w, o) -> dw[w] += x[i] * dy[o]);
        return dw;
    }

    /** Every multiply-accumulate of a convolution. */
    private static void visit(ConvolutionShape shape, int batch, Visitor visitor) {
        FeatureShape in = shape.input();
        FeatureShape out = shape.output();
        int y = 0;
        for (int image = 0; image < batch; image++) {
            for (int output = 0; output < out.channels(); output++) {
                for (int row = 0; row < out.height(); row++) {
                    for (int column = 0; column < out.width(); column++, y++) {
                        int weight = output * shape.weights().rowLength();
                        for (int channel = 0; channel < in.channels(); channel++) {
                            for (int i = 0; i < shape.kernelHeight(); i++) {
                                for (int j = 0; j < shape.kernelWidth(); j++, weight++) {
                                    int r = row * shape.stride() + i - shape.padding();
                                    int c = column * shape.stride() + j - shape.padding();
                                    if (r >= 0 && r < in.height() && c >= 0 && c < in.width()) {
                                        int plane = image * in.channels() + channel;
                                        visitor.visit((plane * in.height() + r) * in.width() + c, weight, y);
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /** Mean cross-entropy of a network on a batch before any step. */
    static float loss(NetworkPlan plan, int batch, Path folder) throws IOException {
        float[] parameters = PeerFiles.read(folder.resolve(PeerFiles.PARAMETERS), plan.parameters());
        float[] labels = PeerFiles.read(folder.resolve(PeerFiles.LABELS), (long) batch * plan.classes());
        Map<String, float[]> values = new HashMap<>();
        values.put(
                NetworkPlan.INPUT,
                PeerFiles.read(
                        folder.resolve(PeerFiles.FEATURES), (long) batch * plan.input().elementsPerImage()));
        int used = 0;
        for (NetworkNode node : plan.nodes()) {
            float[] x = values.get(node.inputs().getFirst());
            float[] rest = Arrays.copyOfRange(parameters, used, parameters.length);
            values.put(node.name(), switch (node) {
                case NetworkNode.Convolution c -> forward(c.shape(), batch, rest, x);
                case NetworkNode.Normalisation n ->
                    normalise(n, batch, rest, x, n.residual().map(values::get).orElse(new float[x.length]));
                case NetworkNode.Linear l -> linear(l, batch, rest, x);
                case NetworkNode.Shortcut s -> shortcut(s, batch, x);
                case NetworkNode.AveragePool a -> average(a.input(), batch, x);
                case NetworkNode.MaxPool _ -> throw unsupported(node);
                case NetworkNode.Dropout _ -> throw unsupported(node);
                case NetworkNode.TokenNode _ -> throw unsupported(node);
            });
            used += (int) new NetworkPlan(plan.input(), plan.classes(), List.of(node)).parameters();
        }
        float[] logits = values.get(plan.nodes().getLast().name());
        double loss = 0;
        for (int image = 0; image < batch; image++) {
            double sum = 0;
            for (int i = image * plan.classes(); i < (image + 1) * plan.classes(); i++) {
                sum += Math.exp(logits[i]);
            }
            for (int i = image * plan.classes(); i < (image + 1) * plan.classes(); i++) {
                loss -= labels[i] * (logits[i] - Math.log(sum));
            }
        }
        return (float) (loss / batch);
    }

    private static UnsupportedOperationException unsupported(NetworkNode node) {
        return new UnsupportedOperationException("No loops for " + node);
    }

    private static float[] normalise(
            NetworkNode.Normalisation node, int batch, float[] parameters, float[] x, float[] residual) {
        int channels = node.output().channels();
        int pixels = node.output().pixels();
        float[] y = new float[x.length];
        for (int channel = 0; channel < channels; channel++) {
            double sum = 0;
            double squares = 0;
            for (int image = 0; image < batch; image++) {
                for (int i = (image * channels + channel) * pixels, end = i + pixels; i < end; i++) {
                    sum += x[i];
                    squares += (double) x[i] * x[i];
                }
            }
            double mean = sum / (batch * pixels);
            double scale = parameters[channel]
                    / Math.sqrt(squares / (batch * pixels) - mean * mean + EPSILON);
            for (int image = 0; image < batch; image++) {
                for (int i = (image * channels + channel) * pixels, end = i + pixels; i < end; i++) {
                    double value = (x[i] - mean) * scale + parameters[channels + channel] + residual[i];
                    y[i] = (float) node.activation().value(value);
                }
            }
        }
        return y;
    }

    private static float[] linear(NetworkNode.Linear node, int batch, float[] parameters, float[] x) {
        float[] y = new float[batch * node.outputs()];
        for (int i = 0; i < y.length; i++) {
            int output = i % node.outputs();
            y[i] = parameters[node.features() * node.outputs() + output];
            for (int feature = 0; feature < node.features(); feature++) {
                y[i] += parameters[output * node.features() + feature] * x[i / node.outputs() * node.features()
                        + feature];
            }
        }
        return y;
    }

    private static float[] shortcut(NetworkNode.Shortcut node, int batch, float[] x) {
        FeatureShape in = node.input();
        FeatureShape out = node.output();
        int before = (out.channels() - in.channels()) / 2;
        float[] y = new float[batch * out.elementsPerImage()];
        for (int image = 0; image < batch; image++) {
            for (int channel = 0; channel < in.channels(); channel++) {
                for (int row = 0; row < out.height(); row++) {
                    for (int column = 0; column < out.width(); column++) {
                        int to = ((image * out.channels() + before + channel) * out.height() + row) * out.width()
                                + column;
                        int from = ((image * in.channels() + channel) * in.height() + row * node.stride()) * in.width()
                                + column * node.stride();
                        y[to] = x[from];
                    }
                }
            }
        }
        return y;
    }

    private static float[] average(FeatureShape extents, int batch, float[] x) {
        float[] y = new float[batch * extents.channels()];
        for (int i = 0; i < x.length; i++) {
            y[i / extents.pixels()] += x[i] / extents.pixels();
        }
        return y;
    }
}
