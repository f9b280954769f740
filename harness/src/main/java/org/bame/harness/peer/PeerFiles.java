package org.bame.harness.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The files of a folder by which numbers get to a peer and back: 32-bit floats in the machine's byte order. Activations are
 * {@code [image][channel][row][column]}, weights {@code [output][input][row][column]}, slowest first.
 */
public final class PeerFiles {

    /** W of a product. */
    public static final String WEIGHTS = "weights";
    /** Input of a product. */
    public static final String X = "x";
    /** Gradient of a product's output. */
    public static final String DY = "dy";

    /** Images of a training. */
    public static final String FEATURES = "features";
    /** {@code [image][class]}, one-hot. */
    public static final String LABELS = "labels";
    /**
     * Initial parameters of a training, node by node in the order of the plan: weights of a convolution; scale, then shift of a
     * normalisation; weights {@code [output][input]}, then biases of a linear layer.
     */
    public static final String PARAMETERS = "parameters";
    /** The network as {@link org.bame.harness.networks.PlanText}. */
    public static final String PLAN = "plan";

    private PeerFiles() {}

    /** Writes a file of numbers. */
    public static void write(Path file, float[] numbers) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(Math.multiplyExact(numbers.length, Float.BYTES))
                .order(ByteOrder.nativeOrder());
        bytes.asFloatBuffer().put(numbers);
        try (FileChannel channel = FileChannel.open(
                file,
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    /**
     * Reads a file of numbers.
     *
     * @param count how many it must have
     * @throws IOException if it cannot be read or has another length
     */
    public static float[] read(Path file, long count) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() != count * Float.BYTES) {
                throw new IOException(file + ": got " + channel.size() + " bytes, expected " + count + " floats");
            }
            float[] numbers = new float[Math.toIntExact(count)];
            channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer()
                    .get(numbers);
            return numbers;
        }
    }
}
