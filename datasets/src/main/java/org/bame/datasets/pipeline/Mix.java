package org.bame.datasets.pipeline;

import org.bame.datasets.ImageShape;

/** How every pair of images of one batch is mixed. */
sealed interface Mix {

    /** How much of an image, and so of its label, is its own. */
    float share();

    /**
     * Mixes two images with each other, in place.
     *
     * @param features {@code [channel][row][column]} of both
     * @param first where the one begins
     * @param second where the other begins
     */
    void apply(float[] features, int first, int second);

    /**
     * Mixup: weighted sums.
     *
     * @param shape of both images
     * @param share weight of the image itself
     */
    record Blend(ImageShape shape, float share) implements Mix {

        @Override
        public void apply(float[] features, int first, int second) {
            float other = 1 - share;
            for (int at = 0; at < shape.size(); at++) {
                float a = features[first + at];
                float b = features[second + at];
                features[first + at] = share * a + other * b;
                features[second + at] = share * b + other * a;
            }
        }
    }

    /**
     * Cutmix: rectangles change places.
     *
     * @param shape of both images
     * @param top first row
     * @param left first column
     * @param bottom row behind the last
     * @param right column behind the last
     */
    record Paste(ImageShape shape, int top, int left, int bottom, int right) implements Mix {

        /** A rectangle about a pixel; what lies outside of the image is cut off. Half an odd extent is rounded down, as in timm. */
        static Paste around(ImageShape shape, int row, int column, int height, int width) {
            return new Paste(
                    shape,
                    Math.max(0, row - height / 2),
                    Math.max(0, column - width / 2),
                    Math.min(shape.height(), row + height / 2),
                    Math.min(shape.width(), column + width / 2));
        }

        @Override
        public float share() {
            return (float) (1 - (double) (bottom - top) * (right - left) / shape.planeSize());
        }

        @Override
        public void apply(float[] features, int first, int second) {
            for (int channel = 0; channel < shape.channels(); channel++) {
                for (int row = top; row < bottom; row++) {
                    int from = channel * shape.planeSize() + row * shape.width();
                    for (int at = from + left; at < from + right; at++) {
                        float kept = features[first + at];
                        features[first + at] = features[second + at];
                        features[second + at] = kept;
                    }
                }
            }
        }
    }
}
