package org.bame.kernel;

/**
 * The function behind a normalisation. Its slope at a place, which the backward pass multiplies by, is taken as 0 on
 * both sides of a kink where it is 0 on one (PyTorch's convention).
 */
public enum Activation {
    /** {@code x}; slope 1. */
    IDENTITY(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY),

    /** {@code max(0, x)}; slope 1 where x > 0, else 0. */
    RELU(0, Float.POSITIVE_INFINITY),

    /** {@code min(max(0, x), 6)}; slope 1 where 0 < x < 6, else 0 (Sandler et al. 2018). */
    RELU6(0, 6),

    /**
     * {@code x * relu6(x + 3) / 6}; slope 0 where x <= -3, 1 where x >= 3, else {@code (2 x + 3) / 6} (Howard et al.
     * 2019). Unlike the others' its slope depends on x itself, which is known again in the backward pass only where no
     * residual was added: so a residual is refused.
     */
    HARD_SWISH(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);

    private final float floor;
    private final float ceiling;

    Activation(float floor, float ceiling) {
        this.floor = floor;
        this.ceiling = ceiling;
    }

    /** Whether its slope is 0 or 1 everywhere, but not 1 everywhere: {@link Gates} tell where. */
    public boolean gated() {
        return this == RELU || this == RELU6;
    }

    /** Whether a residual may be added before it. */
    public boolean takesResidual() {
        return this != HARD_SWISH;
    }

    /** Lower bound of a clamping activation's values; it is open above. */
    float floor() {
        return floor;
    }

    /** Upper bound of a clamping activation's values; it is open below. */
    float ceiling() {
        return ceiling;
    }

    /** The function. */
    public double value(double x) {
        return switch (this) {
            case IDENTITY -> x;
            case RELU, RELU6 -> x < floor ? floor : x > ceiling ? ceiling : x;
            case HARD_SWISH -> x * RELU6.value(x + 3) / 6;
        };
    }

    /** Its slope. */
    public double slope(double x) {
        return switch (this) {
            case IDENTITY -> 1;
            case RELU, RELU6 -> x > floor && x < ceiling ? 1 : 0;
            case HARD_SWISH -> x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6;
        };
    }
}
