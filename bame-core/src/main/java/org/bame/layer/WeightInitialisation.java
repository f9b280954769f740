package org.bame.layer;

import org.bame.sparsity.WeightShape;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Where weights start. Random numbers come from ND4J's generator, which Deeplearning4j seeds from the configuration.
 */
public enum WeightInitialisation {
    /** Normal with standard deviation {@code sqrt(2 / (kernelHeight * kernelWidth * outputs))}: SR-STE, MaxQ. */
    NORMAL_FAN_OUT,
    /**
     * Normal with standard deviation {@code sqrt(2 / (kernelHeight * kernelWidth * inputs))}: Kaiming, Bi-Mask, LBC.
     */
    NORMAL_FAN_IN,
    /**
     * Uniform within {@code 1 / sqrt(kernelHeight * kernelWidth * inputs)}, bias too: PyTorch's default for linear
     * layers.
     */
    UNIFORM_FAN_IN,
    /** Normal with standard deviation 0.02: DeiT, whose truncation at 2 is a hundred deviations away. */
    NORMAL_002;

    private static final double TRANSFORMER_DEVIATION = 0.02;

    /** Fills weights of that shape. */
    void weights(INDArray weights, WeightShape shape) {
        switch (this) {
            case NORMAL_FAN_OUT ->
                normal(weights, Math.sqrt(2.0 / ((long) shape.kernelHeight() * shape.kernelWidth() * shape.outputs())));
            case NORMAL_FAN_IN -> normal(weights, Math.sqrt(2.0 / shape.rowLength()));
            case UNIFORM_FAN_IN -> uniform(weights, shape);
            case NORMAL_002 -> normal(weights, TRANSFORMER_DEVIATION);
        }
    }

    /** Fills the bias of weights of that shape. */
    void bias(INDArray bias, WeightShape shape) {
        if (this == UNIFORM_FAN_IN) {
            uniform(bias, shape);
        } else {
            bias.assign(0);
        }
    }

    private static void normal(INDArray array, double deviation) {
        array.assign(Nd4j.randn(array.dataType(), array.length())
                .muli(deviation)
                .reshape(array.shape()));
    }

    private static void uniform(INDArray array, WeightShape shape) {
        double bound = 1 / Math.sqrt(shape.rowLength());
        array.assign(Nd4j.rand(array.dataType(), array.length())
                .muli(2 * bound)
                .subi(bound)
                .reshape(array.shape()));
    }
}
