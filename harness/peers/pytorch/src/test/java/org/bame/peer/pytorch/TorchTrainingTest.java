package org.bame.peer.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bame.harness.networks.CifarResNet;
import org.bame.harness.networks.ImageNetResNet;
import org.bame.harness.networks.MobileNetV2;
import org.bame.harness.networks.NetworkPlan;
import org.bame.harness.networks.PlanText;
import org.bame.harness.networks.PlannedNetwork;
import org.bame.harness.networks.Vgg;
import org.bame.harness.peer.PeerFiles;
import org.bame.harness.peer.PeerRequest;
import org.bame.harness.peer.PeerWork;
import org.bame.kernel.FeatureShape;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorchTrainingTest {

    private static final int BATCH = 4;
    private static final int CLASSES = 3;

    @TempDir
    private Path folder;

    /** Both kinds of shortcuts, pooling, and depthwise convolutions; images are small, since extents do not change the parameters. */
    @ParameterizedTest
    @ValueSource(strings = {"resnet8", "resnet20-projection", "resnet18", "mobilenetv2-cifar", "vgg19"})
    void trainsAsManyParametersAsThePlanHas(String network) throws IOException {
        NetworkPlan plan = Stream
                .of(CifarResNet.networks(), ImageNetResNet.networks(), MobileNetV2.networks(), Vgg.networks())
                .flatMap(List::stream)
                .filter(one -> one.name().equals(network))
                .map(PlannedNetwork.class::cast)
                .findFirst()
                .orElseThrow()
                .plan(new FeatureShape(3, 32, 32), CLASSES);

        try (PeerWork work = new PyTorchPeer().train(request(plan))) {
            assertThat(work.parameters()).isEqualTo(plan.parameters());
            for (int step = 0; step < 5; step++) {
                work.run();
            }
            float[] losses = work.result();
            assertThat(losses[1]).as("loss after some steps on one batch").isLessThan(losses[0]);
        }
    }

    private PeerRequest.Train request(NetworkPlan plan) throws IOException {
        Random random = new Random(1);
        Files.write(folder.resolve(PeerFiles.PLAN), PlanText.write(plan));
        float[] parameters = new float[Math.toIntExact(plan.parameters())];
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = 0.1f * (float) random.nextGaussian();
        }
        PeerFiles.write(folder.resolve(PeerFiles.PARAMETERS), parameters);
        float[] features = new float[BATCH * plan.input().elementsPerImage()];
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) random.nextGaussian();
        }
        PeerFiles.write(folder.resolve(PeerFiles.FEATURES), features);
        float[] labels = new float[BATCH * CLASSES];
        for (int image = 0; image < BATCH; image++) {
            labels[image * CLASSES + image % CLASSES] = 1;
        }
        PeerFiles.write(folder.resolve(PeerFiles.LABELS), labels);
        return new PeerRequest.Train(BATCH, 0.01, 0.9, 5e-4, folder);
    }
}
