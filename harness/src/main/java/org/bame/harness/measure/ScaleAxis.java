package org.bame.harness.measure;

/** A direction in which a scale study leaves its base point, with everything else as it is there. */
public enum ScaleAxis {
    /** Images of a step. */
    BATCH,
    /** Times the channels. */
    WIDTH,
    /** Threads of a product. */
    THREADS,
    /** Kept share of the weights. */
    DENSITY;

    /** Where a point lies. */
    public double at(ScalePoint point) {
        return switch (this) {
            case BATCH -> point.batch();
            case WIDTH -> point.width();
            case THREADS -> point.threads();
            case DENSITY -> point.pattern().density();
        };
    }

    /** Whether two points differ in this direction at most. */
    public boolean joins(ScalePoint a, ScalePoint b) {
        return (this == BATCH || a.batch() == b.batch())
                && (this == WIDTH || a.width() == b.width())
                && (this == THREADS || a.threads() == b.threads())
                && (this == DENSITY || a.patternName().equals(b.patternName()));
    }
}
