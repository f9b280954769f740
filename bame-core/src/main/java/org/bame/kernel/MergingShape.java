package org.bame.kernel;

/**
 * What patch merging (Liu et al. 2021, section 3.1) does to extents: the channels of 2 x 2 neighbouring pixels side by side, in
 * the order of memory: both rows of the left column, then of the right one, as torchvision has it.
 *
 * @param input extents of the input
 */
public record MergingShape(FeatureShape input) {
    private static final int SIDE = 2;
    private static final int PARTS = SIDE * SIDE;

    /** Checks that all pixels have their neighbours. */
    public MergingShape {
        if (input.height() % SIDE != 0 || input.width() % SIDE != 0) {
            throw new IllegalArgumentException("Patch merging got an input of " + input
                    + ", expected even numbers of rows and columns: take larger images, or fewer stages");
        }
    }

    /** Extents of the output. */
    public FeatureShape output() {
        return new FeatureShape(PARTS * input.channels(), input.height() / SIDE, input.width() / SIDE);
    }

    /** The input's pixel that a part of an output pixel is; parts are numbered through all pixels. */
    int pixel(int part) {
        int rows = input.height() / SIDE;
        int pixel = part / PARTS;
        int column = pixel / rows * SIDE + part % PARTS / SIDE;
        int row = pixel % rows * SIDE + part % SIDE;
        return column * input.height() + row;
    }
}
