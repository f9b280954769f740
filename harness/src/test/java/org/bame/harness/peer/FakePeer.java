package org.bame.harness.peer;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.bame.harness.networks.NetworkPlan;
import org.bame.harness.networks.PlanText;
import org.bame.kernel.ConvolutionShape;

/** A library of plain loops in a process of its own: sound, or not in one of several ways. */
public class FakePeer implements Peer {

    /** Its result is off by one in the first number. */
    public static final class Wrong extends FakePeer {
        public static void main(String[] arguments) throws IOException {
            PeerServer.run(Wrong::new);
        }

        @Override
        public String provider() {
            return "wrong-1.0";
        }

        @Override
        float[] spoilt(float[] result) {
            result[0]++;
            return result;
        }
    }

    /** Its process ends when it shall work. */
    public static final class Dying extends FakePeer {
        public static void main(String[] arguments) throws IOException {
            PeerServer.run(Dying::new);
        }

        @Override
        void work() {
            Runtime.getRuntime().halt(3);
        }
    }

    /** It never gets done. */
    public static final class Hanging extends FakePeer {
        public static void main(String[] arguments) throws IOException {
            PeerServer.run(Hanging::new);
        }

        @Override
        void work() {
            while (true) {
                Thread.yield();
            }
        }
    }

    /** It has fewer weights than the network. */
    public static final class Smaller extends FakePeer {
        public static void main(String[] arguments) throws IOException {
            PeerServer.run(Smaller::new);
        }

        @Override
        long parameters(long sound) {
            return sound - 1;
        }
    }

    /** Its native library is missing. */
    public static final class Unloadable extends FakePeer {
        public static void main(String[] arguments) throws IOException {
            PeerServer.run(() -> {
                throw new UnsatisfiedLinkError("no fake in java.library.path");
            });
        }
    }

    /** The sound one. */
    public static void main(String[] arguments) throws IOException {
        PeerServer.run(FakePeer::new);
    }

    /** A library by the class of its main. */
    static PeerLibrary library(Class<? extends FakePeer> type) {
        return new PeerLibrary(type.getSimpleName(), "fake", type.getName());
    }

    /** Libraries, built in a folder. */
    @SafeVarargs
    public static Peers peers(Path folder, Class<? extends FakePeer>... types) {
        try {
            Path classes = Path.of(FakePeer.class.getProtectionDomain().getCodeSource().getLocation().getPath());
            Files.write(folder.resolve("fake"), List.of(classes.toString()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return new Peers(
                new PeerFolder(folder), List.of(types).stream().map(FakePeer::library).toList());
    }

    @Override
    public String provider() {
        return "fake-1.0";
    }

    void work() {}

    float[] spoilt(float[] result) {
        return result;
    }

    long parameters(long sound) {
        return sound;
    }

    @Override
    public PeerWork convolve(PeerRequest.Convolve request) throws IOException {
        ConvolutionShape shape = request.shape();
        Path folder = request.folder();
        int batch = request.batch();
        float[] weights = PeerFiles.read(folder.resolve(PeerFiles.WEIGHTS), shape.weights().size());
        float[] x = PeerFiles.read(folder.resolve(PeerFiles.X), (long) batch * shape.input().elementsPerImage());
        float[] dy = PeerFiles.read(folder.resolve(PeerFiles.DY), (long) batch * shape.output().elementsPerImage());
        return new Work(shape.weights().size(), () -> switch (request.product()) {
            case FORWARD -> PlainLoops.forward(shape, batch, weights, x);
            case INPUT_GRADIENT -> PlainLoops.inputGradient(shape, batch, weights, dy);
            case WEIGHT_GRADIENT -> PlainLoops.weightGradient(shape, batch, x, dy);
        });
    }

    @Override
    public PeerWork train(PeerRequest.Train request) throws IOException {
        NetworkPlan plan = PlanText.read(Files.readAllLines(request.folder().resolve(PeerFiles.PLAN)));
        float loss = PlainLoops.loss(plan, request.batch(), request.folder());
        return new Work(plan.parameters(), () -> new float[]{loss, loss});
    }

    private final class Work implements PeerWork {

        private final long parameters;
        private final Supplier<float[]> product;
        private float[] result = {};

        Work(long parameters, Supplier<float[]> product) {
            this.parameters = parameters;
            this.product = product;
        }

        @Override
        public long parameters() {
            return FakePeer.this.parameters(parameters);
        }

        @Override
        public void run() {
            // As native libraries do.
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8).println("noise");
            work();
            result = spoilt(product.get());
        }

        @Override
        public float[] result() {
            return result;
        }

        @Override
        public void close() {
            result = new float[0];
        }
    }
}
