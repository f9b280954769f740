package org.bame.harness.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.bame.harness.flops.DataSetShape;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class RandomBatchTest {

    private static final int SAMPLES = 5;

    @Test
    void aWindowHasIdsOfCharactersAndANextOneAtEachPosition() {
        DataSetShape text = DataSetShape.find("text").orElseThrow();
        int length = text.image().height();
        RandomBatch batch = RandomBatch.of(SAMPLES, text, 1);

        assertThat(batch.features().shape()).containsExactly(SAMPLES, 1, length, 1);
        assertThat(DoubleStream.of(batch.features().dup().data().asDouble()).distinct().sorted().toArray())
                .isEqualTo(IntStream.range(0, text.classes()).asDoubleStream().toArray());
        INDArray perPosition = batch.labels().reshape('c', SAMPLES, text.classes(), length).sum(1);
        assertThat(perPosition).isEqualTo(Nd4j.onesLike(perPosition));
        assertThat(batch.labels().maxNumber().doubleValue()).isEqualTo(1);
    }

    @Test
    void anImageHasOneClass() {
        DataSetShape images = DataSetShape.find("cifar10").orElseThrow();
        RandomBatch batch = RandomBatch.of(SAMPLES, images, 1);

        assertThat(batch.features().shape()).containsExactly(SAMPLES, 3, 32, 32);
        assertThat(batch.features().stdNumber().doubleValue()).isBetween(0.9, 1.1);
        assertThat(batch.labels().sum(1)).isEqualTo(Nd4j.onesLike(batch.labels().sum(1)));
        assertThat(RandomBatch.of(SAMPLES, images, 2).features()).isNotEqualTo(batch.features());
    }
}
