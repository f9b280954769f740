package org.bame.peer.onednn;

import java.io.IOException;
import org.bame.harness.peer.PeerFiles;
import org.bame.harness.peer.PeerRequest;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.FeatureShape;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.data_type;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;

/**
 * The tensors of one request, in the order of {@link PeerFiles} and in orders that a primitive chose. Native memory that is
 * allocated from here on is freed at the end, which the collector would do too late.
 */
final class OneDnnMemory implements AutoCloseable {

    private final engine engine;
    private final stream stream;
    private final PeerRequest.Convolve request;
    private final PointerScope scope = new PointerScope();

    OneDnnMemory(engine engine, stream stream, PeerRequest.Convolve request) {
        this.engine = engine;
        this.stream = stream;
        this.request = request;
    }

    engine engine() {
        return engine;
    }

    stream stream() {
        return stream;
    }

    /** Extents of the input: image, channel, row, column. */
    long[] x() {
        return activations(request.shape().input());
    }

    /** Extents of the output. */
    long[] y() {
        return activations(request.shape().output());
    }

    /** Extents of the weights: output, input, row, column. */
    long[] weights() {
        ConvolutionShape shape = request.shape();
        return new long[]{shape.outputs(), shape.input().channels(), shape.kernelHeight(), shape.kernelWidth()};
    }

    private long[] activations(FeatureShape shape) {
        return new long[]{request.batch(), shape.channels(), shape.height(), shape.width()};
    }

    /** A tensor in any order, for a primitive to choose. */
    static memory.desc any(long[] extents) {
        return new memory.desc(extents, data_type.f32, format_tag.any);
    }

    /** A tensor with room in the order that a primitive chose. */
    memory allocate(memory.desc chosen) {
        return new memory(chosen, engine);
    }

    /** A file's numbers in the order that a primitive chose. */
    memory read(String file, long[] extents, memory.desc chosen) throws IOException {
        float[] numbers = PeerFiles.read(request.folder().resolve(file), elements(extents));
        memory plain = allocate(plain(extents));
        new FloatPointer(plain.get_data_handle()).put(numbers, 0, numbers.length);
        memory ordered = allocate(chosen);
        copy(plain, ordered);
        return ordered;
    }

    /** A tensor's numbers in the order of {@link PeerFiles}. */
    float[] plain(memory ordered, long[] extents) {
        memory plain = allocate(plain(extents));
        copy(ordered, plain);
        float[] numbers = new float[Math.toIntExact(elements(extents))];
        new FloatPointer(plain.get_data_handle()).get(numbers, 0, numbers.length);
        return numbers;
    }

    private void copy(memory from, memory to) {
        new reorder(from, to).execute(stream, from, to);
        stream._wait();
    }

    /** Slowest first; nchw and oihw are the same. */
    private static memory.desc plain(long[] extents) {
        return new memory.desc(extents, data_type.f32, format_tag.nchw);
    }

    static long elements(long[] extents) {
        long elements = 1;
        for (long extent : extents) {
            elements *= extent;
        }
        return elements;
    }

    @Override
    public void close() {
        scope.close();
    }
}
