package org.bame.harness.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bame.kernel.BatchLayout;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.ElementType;
import org.bame.kernel.FeatureShape;
import org.bame.kernel.KernelProviders;
import org.bame.kernel.Kernels;
import org.bame.kernel.Storage;
import org.bame.sparsity.Support;
import org.junit.jupiter.api.Test;

class ExecutedMacsTest {

    @Test
    void expectsWhatDenseKernelsCount() {
        FeatureShape input = new FeatureShape(6, 7, 5);
        BatchLayout batch = BatchLayout.of(1);
        try (Kernels kernels = KernelProviders.scalar()) {
            for (ConvolutionShape shape : List.of(
                    ConvolutionShape.square(input, 12, 3, 2, 1),
                    ConvolutionShape.square(input, 12, 3, 1, 1).inGroups(3),
                    ConvolutionShape.square(input, 12, 3, 2, 1).inGroups(6),
                    ConvolutionShape.linear(6, 4))) {
                Storage weights = Storage.allocate(ElementType.FLOAT, shape.weights().size());
                Storage x = Storage.allocate(ElementType.FLOAT, batch.elements(shape.input()));
                Storage y = Storage.allocate(ElementType.FLOAT, batch.elements(shape.output()));
                assertThat(shape.macsPerSample())
                        .isEqualTo(kernels.convolution(shape, batch).forward(Support.DENSE, weights, x, y));
            }
        }
    }
}
