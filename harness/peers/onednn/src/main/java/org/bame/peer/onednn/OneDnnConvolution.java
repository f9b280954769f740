package org.bame.peer.onednn;

import java.io.IOException;
import org.bame.harness.peer.PeerFiles;
import org.bame.harness.peer.PeerWork;
import org.bame.kernel.ConvolutionShape;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;

/**
 * A product by oneDNN's convolution primitive. Every primitive chooses the order of its tensors by itself, and they are brought
 * into it beforehand: in a network some of these reorders would cost time. Arithmetic is strictly of 32 bits.
 */
final class OneDnnConvolution implements PeerWork {

    private static final dnnl.algorithm ALGORITHM = dnnl.algorithm.convolution_direct;

    private final OneDnnMemory tensors;
    private final primitive primitive;
    private final IntMemoryMap arguments;
    private final memory result;
    private final long[] resultExtents;

    private OneDnnConvolution(
            OneDnnMemory tensors,
            primitive primitive,
            IntMemoryMap arguments,
            memory result,
            long[] resultExtents) {
        this.tensors = tensors;
        this.primitive = primitive;
        this.arguments = arguments;
        this.result = result;
        this.resultExtents = resultExtents;
    }

    static OneDnnConvolution forward(OneDnnMemory tensors, ConvolutionShape shape) throws IOException {
        convolution_forward.primitive_desc chosen = describe(tensors, shape);
        memory y = tensors.allocate(chosen.dst_desc());
        IntMemoryMap arguments = new IntMemoryMap()
                .put(dnnl.DNNL_ARG_SRC, tensors.read(PeerFiles.X, tensors.x(), chosen.src_desc()))
                .put(dnnl.DNNL_ARG_WEIGHTS,
                        tensors.read(PeerFiles.WEIGHTS, tensors.weights(), chosen.weights_desc()))
                .put(dnnl.DNNL_ARG_DST, y);
        return new OneDnnConvolution(tensors, new convolution_forward(chosen), arguments, y, tensors.y());
    }

    static OneDnnConvolution inputGradient(OneDnnMemory tensors, ConvolutionShape shape) throws IOException {
        convolution_backward_data.primitive_desc chosen = new convolution_backward_data.primitive_desc(
                tensors.engine(),
                ALGORITHM,
                OneDnnMemory.any(tensors.x()),
                OneDnnMemory.any(tensors.weights()),
                OneDnnMemory.any(tensors.y()),
                strides(shape),
                padding(shape),
                padding(shape),
                describe(tensors, shape),
                strict(),
                false);
        memory dx = tensors.allocate(chosen.diff_src_desc());
        IntMemoryMap arguments = new IntMemoryMap()
                .put(dnnl.DNNL_ARG_DIFF_DST, tensors.read(PeerFiles.DY, tensors.y(), chosen.diff_dst_desc()))
                .put(dnnl.DNNL_ARG_WEIGHTS,
                        tensors.read(PeerFiles.WEIGHTS, tensors.weights(), chosen.weights_desc()))
                .put(dnnl.DNNL_ARG_DIFF_SRC, dx);
        return new OneDnnConvolution(
                tensors, new convolution_backward_data(chosen), arguments, dx, tensors.x());
    }

    static OneDnnConvolution weightGradient(OneDnnMemory tensors, ConvolutionShape shape) throws IOException {
        convolution_backward_weights.primitive_desc chosen = new convolution_backward_weights.primitive_desc(
                tensors.engine(),
                ALGORITHM,
                OneDnnMemory.any(tensors.x()),
                OneDnnMemory.any(tensors.weights()),
                OneDnnMemory.any(tensors.y()),
                strides(shape),
                padding(shape),
                padding(shape),
                describe(tensors, shape),
                strict(),
                false);
        memory dw = tensors.allocate(chosen.diff_weights_desc());
        IntMemoryMap arguments = new IntMemoryMap()
                .put(dnnl.DNNL_ARG_SRC, tensors.read(PeerFiles.X, tensors.x(), chosen.src_desc()))
                .put(dnnl.DNNL_ARG_DIFF_DST, tensors.read(PeerFiles.DY, tensors.y(), chosen.diff_dst_desc()))
                .put(dnnl.DNNL_ARG_DIFF_WEIGHTS, dw);
        return new OneDnnConvolution(
                tensors, new convolution_backward_weights(chosen), arguments, dw, tensors.weights());
    }

    /** The forward product, which the gradients want as a hint. */
    private static convolution_forward.primitive_desc describe(OneDnnMemory tensors, ConvolutionShape shape) {
        return new convolution_forward.primitive_desc(
                tensors.engine(),
                dnnl.prop_kind.forward_training,
                ALGORITHM,
                OneDnnMemory.any(tensors.x()),
                OneDnnMemory.any(tensors.weights()),
                OneDnnMemory.any(tensors.y()),
                strides(shape),
                padding(shape),
                padding(shape),
                strict(),
                false);
    }

    private static primitive_attr strict() {
        primitive_attr attributes = new primitive_attr();
        attributes.set_fpmath_mode(dnnl.fpmath_mode.strict);
        return attributes;
    }

    private static long[] strides(ConvolutionShape shape) {
        return new long[]{shape.stride(), shape.stride()};
    }

    private static long[] padding(ConvolutionShape shape) {
        return new long[]{shape.padding(), shape.padding()};
    }

    @Override
    public long parameters() {
        return OneDnnMemory.elements(tensors.weights());
    }

    @Override
    public void run() {
        primitive.execute(tensors.stream(), arguments);
        tensors.stream()._wait();
    }

    @Override
    public float[] result() {
        return tensors.plain(result, resultExtents);
    }

    @Override
    public void close() {
        tensors.close();
    }
}
