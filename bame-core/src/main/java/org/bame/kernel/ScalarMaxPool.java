package org.bame.kernel;

/** Max pooling as plain loops: the reference. Padding lanes of what it writes become 0. */
final class ScalarMaxPool implements MaxPoolKernel {
    private final PoolingShape shape;
    private final BatchLayout batch;

    /** Position in {@code x} of every output's winner, in the order of {@code y}. */
    private final long[] winners;

    ScalarMaxPool(PoolingShape shape, BatchLayout batch) {
        this.shape = shape;
        this.batch = batch;
        this.winners = new long[Math.toIntExact(batch.elements(shape.output()))];
    }

    @Override
    public void forward(Storage x, Storage y) {
        FeatureShape output = shape.output();
        ElementType type = Checks.type("x", x);
        Checks.activations("x", x, type, batch, shape.input());
        Checks.activations("y", y, type, batch, output);
        y.fill(0);
        for (int image = 0; image < batch.images(); image++) {
            for (int channel = 0; channel < output.channels(); channel++) {
                for (int row = 0; row < output.height(); row++) {
                    for (int column = 0; column < output.width(); column++) {
                        long at = batch.index(output, image, channel, row, column);
                        long winner = winner(x, image, channel, row, column);
                        winners[(int) at] = winner;
                        y.set(at, x.get(winner));
                    }
                }
            }
        }
    }

    @Override
    public void backward(Storage dy, Storage dx) {
        FeatureShape output = shape.output();
        ElementType type = Checks.type("dy", dy);
        Checks.activations("dy", dy, type, batch, output);
        Checks.activations("dx", dx, type, batch, shape.input());
        dx.fill(0);
        for (int image = 0; image < batch.images(); image++) {
            for (int channel = 0; channel < output.channels(); channel++) {
                for (int row = 0; row < output.height(); row++) {
                    for (int column = 0; column < output.width(); column++) {
                        long at = batch.index(output, image, channel, row, column);
                        long winner = winners[(int) at];
                        dx.set(winner, dx.get(winner) + dy.get(at));
                    }
                }
            }
        }
    }

    private long winner(Storage x, int image, int channel, int outputRow, int outputColumn) {
        FeatureShape input = shape.input();
        int top = outputRow * shape.stride() - shape.padding();
        int left = outputColumn * shape.stride() - shape.padding();
        long winner = -1;
        for (int row = Math.max(0, top); row < Math.min(input.height(), top + shape.window()); row++) {
            for (int column = Math.max(0, left); column < Math.min(input.width(), left + shape.window()); column++) {
                long at = batch.index(input, image, channel, row, column);
                if (winner < 0 || x.get(at) > x.get(winner)) {
                    winner = at;
                }
            }
        }
        return winner;
    }
}
