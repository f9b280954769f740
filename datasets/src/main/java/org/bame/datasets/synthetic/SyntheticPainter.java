package org.bame.datasets.synthetic;

import java.util.Arrays;
import org.bame.datasets.ImageShape;

/**
 * Paints one image at a time. A class is a pair of a {@link Texture} and a tint, the axis in colour space along which
 * the texture varies. Position, size, scale, phase, contrast and sign are random, so that the mean image of every class
 * is the same, and neither half of the pair tells the class. Not safe for several threads.
 */
final class SyntheticPainter {

    static final ImageShape SHAPE = new ImageShape(3, 32, 32);
    /** Colour axes of length 1, red-green-blue: red against blue, and green against both. */
    private static final double[][] TINTS = {
        {Math.sqrt(0.5), 0, -Math.sqrt(0.5)},
        {-Math.sqrt(1.0 / 6), Math.sqrt(4.0 / 6), -Math.sqrt(1.0 / 6)},
    };
    static final int TINT_COUNT = TINTS.length;
    static final int CLASSES = Texture.values().length * TINT_COUNT;

    private static final Texture[] TEXTURES = Texture.values();
    private static final int CLUTTER_GRATINGS = 2;
    private static final double MIN_PERIOD = 4;
    private static final double MAX_PERIOD = 7;
    private static final double MIN_CLUTTER_PERIOD = 5;
    private static final double MAX_CLUTTER_PERIOD = 24;
    private static final double MIN_DISTRACTOR_RADIUS = 3;
    private static final double MAX_DISTRACTOR_RADIUS = 4.5;
    private static final double BASE_LEVEL = 128;
    private static final double BASE_SPREAD = 35;
    /** Makes a contrast the amplitude of the channel that varies most, averaged over the two tints. */
    private static final double COLOUR_SCALE = Math.sqrt(1.5);

    private final SyntheticDifficulty difficulty;
    private final double[] canvas = new double[SHAPE.size()];

    SyntheticPainter(SyntheticDifficulty difficulty) {
        this.difficulty = difficulty;
    }

    /**
     * Paints an image of a class.
     *
     * @param label 0 to 9: twice the texture's ordinal plus the tint
     * @param draws the image's random numbers
     * @param target receives 3,072 unsigned bytes, {@code [channel][row][column]}
     * @param offset first position written
     */
    void paint(int label, RandomDraws draws, byte[] target, int offset) {
        paintBackground(draws);
        for (int patch = 0; patch < difficulty.distractors(); patch++) {
            int other = (label + 1 + draws.below(CLASSES - 1)) % CLASSES;
            double radius = draws.between(MIN_DISTRACTOR_RADIUS, MAX_DISTRACTOR_RADIUS);
            paintPatch(other, radius, 0, draws);
        }
        double radius = draws.between(difficulty.minRadius(), difficulty.maxRadius());
        paintPatch(label, radius, radius, draws);
        for (int at = 0; at < canvas.length; at++) {
            long level = Math.round(canvas[at] + difficulty.noise() * draws.bell());
            target[offset + at] = (byte) Math.clamp(level, 0, 255);
        }
    }

    private void paintBackground(RandomDraws draws) {
        for (int channel = 0; channel < SHAPE.channels(); channel++) {
            double base = BASE_LEVEL + draws.between(-BASE_SPREAD, BASE_SPREAD);
            Arrays.fill(canvas, channel * SHAPE.planeSize(), (channel + 1) * SHAPE.planeSize(), base);
        }
        for (int grating = 0; grating < CLUTTER_GRATINGS; grating++) {
            double direction = draws.between(0, 1);
            double frequency = 1 / draws.between(MIN_CLUTTER_PERIOD, MAX_CLUTTER_PERIOD);
            double alongColumn = SineTable.cosine(direction) * frequency;
            double alongRow = SineTable.sine(direction) * frequency;
            double phase = draws.between(0, 1);
            for (int channel = 0; channel < SHAPE.channels(); channel++) {
                double amplitude = draws.between(-difficulty.clutter(), difficulty.clutter());
                addGrating(channel, alongRow, alongColumn, phase, amplitude);
            }
        }
    }

    private void addGrating(int channel, double alongRow, double alongColumn, double phase, double amplitude) {
        int at = channel * SHAPE.planeSize();
        for (int row = 0; row < SHAPE.height(); row++) {
            for (int column = 0; column < SHAPE.width(); column++) {
                canvas[at++] += amplitude * SineTable.sine(row * alongRow + column * alongColumn + phase);
            }
        }
    }

    /** Adds a disc of a class's texture; its centre lies at least {@code margin} pixels inside the image. */
    private void paintPatch(int label, double radius, double margin, RandomDraws draws) {
        Texture texture = TEXTURES[label / TINT_COUNT];
        double[] tint = TINTS[label % TINT_COUNT];
        double centreRow = draws.between(margin, SHAPE.height() - margin);
        double centreColumn = draws.between(margin, SHAPE.width() - margin);
        double direction = texture.drawDirection(draws);
        double frequency = 1 / draws.between(MIN_PERIOD, MAX_PERIOD);
        double cosine = SineTable.cosine(direction) * frequency;
        double sine = SineTable.sine(direction) * frequency;
        double phase = draws.between(0, 1);
        double contrast = COLOUR_SCALE * draws.between(difficulty.minContrast(), difficulty.maxContrast());
        for (int row = 0; row < SHAPE.height(); row++) {
            double down = row - centreRow;
            for (int column = 0; column < SHAPE.width(); column++) {
                double right = column - centreColumn;
                if (down * down + right * right > radius * radius) {
                    continue;
                }
                double along = right * cosine + down * sine;
                double across = down * cosine - right * sine;
                double height = contrast * texture.at(along, across, phase);
                for (int channel = 0; channel < SHAPE.channels(); channel++) {
                    canvas[channel * SHAPE.planeSize() + row * SHAPE.width() + column] += height * tint[channel];
                }
            }
        }
    }
}
