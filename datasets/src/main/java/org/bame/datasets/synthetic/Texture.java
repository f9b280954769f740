package org.bame.datasets.synthetic;

/**
 * The periodic patterns of {@link Synthetic10}: half of what makes a class. Each is the same set of pictures when
 * mirrored left to right, so that a random flip keeps the class.
 */
enum Texture {
    /** Stripes that run from left to right. */
    HORIZONTAL_STRIPES,
    /** Stripes that run from top to bottom. */
    VERTICAL_STRIPES,
    /** Stripes at 45 degrees, rising or falling. */
    DIAGONAL_STRIPES,
    /** A grid of light and dark spots at any angle. */
    SPOTS,
    /** Circles around the patch's centre. */
    RINGS;

    private static final double QUARTER_TURN = 0.25;
    private static final double EIGHTH_TURN = 0.125;
    /** Stripes lean by up to this much either way, in turns: 9 degrees. */
    private static final double LEAN = 0.025;

    /**
     * Draws the direction in which the pattern varies.
     *
     * @return an angle in turns from the horizontal axis
     */
    double drawDirection(RandomDraws draws) {
        double lean = draws.between(-LEAN, LEAN);
        return switch (this) {
            case HORIZONTAL_STRIPES -> QUARTER_TURN + lean;
            case VERTICAL_STRIPES -> lean;
            case DIAGONAL_STRIPES -> (draws.nextBoolean() ? EIGHTH_TURN : -EIGHTH_TURN) + lean;
            case SPOTS, RINGS -> draws.between(0, 1);
        };
    }

    /**
     * The pattern's height at a point, in [-1, 1].
     *
     * @param along distance from the patch's centre in the drawn direction, in periods
     * @param across distance at right angles to it, in periods
     * @param phase in turns
     */
    double at(double along, double across, double phase) {
        return switch (this) {
            case HORIZONTAL_STRIPES, VERTICAL_STRIPES, DIAGONAL_STRIPES -> SineTable.sine(along + phase);
            case SPOTS -> SineTable.sine(along + phase) * SineTable.sine(across + phase);
            case RINGS -> SineTable.sine(Math.sqrt(along * along + across * across) + phase);
        };
    }
}
