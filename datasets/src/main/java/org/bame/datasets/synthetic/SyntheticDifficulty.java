package org.bame.datasets.synthetic;

/**
 * How hard {@link Synthetic10} is. Every amplitude is in pixel levels of 0 to 255; "up to" means uniform from 0.
 *
 * @param minContrast least amplitude of the figure's texture
 * @param maxContrast greatest amplitude of the figure's texture
 * @param clutter amplitude of the background's random gratings, up to
 * @param distractors small patches with the texture of another class laid over the background, in every image
 * @param noise standard deviation of the noise added to every value
 * @param minRadius least radius of the figure in pixels
 * @param maxRadius greatest radius of the figure in pixels
 */
public record SyntheticDifficulty(
        double minContrast,
        double maxContrast,
        double clutter,
        int distractors,
        double noise,
        double minRadius,
        double maxRadius) {

    /** The values behind every published figure on {@code synthetic10}. */
    public static final SyntheticDifficulty STANDARD = new SyntheticDifficulty(24, 48, 36, 4, 26, 8, 12);

    /** Checks the ranges. */
    public SyntheticDifficulty {
        requireRange("contrast", minContrast, maxContrast);
        requireRange("radius", minRadius, maxRadius);
        if (!(clutter >= 0) || !(noise >= 0) || distractors < 0) {
            throw new IllegalArgumentException("Clutter, noise and distractors must not be negative, got clutter="
                    + clutter + ", noise=" + noise + ", distractors=" + distractors + ".");
        }
    }

    private static void requireRange(String what, double least, double greatest) {
        if (!(least > 0) || !(greatest >= least)) {
            throw new IllegalArgumentException("The " + what + " must be positive and not decreasing, got least "
                    + least + " and greatest " + greatest + ".");
        }
    }
}
