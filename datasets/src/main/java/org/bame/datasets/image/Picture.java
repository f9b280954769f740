package org.bame.datasets.image;

/**
 * One picture of any size, as unsigned bytes {@code [channel][row][column]}, column fastest. A buffer that is filled
 * again and again: it only grows. For one thread.
 */
public final class Picture {

    private byte[] pixels = {};
    private int channels;
    private int height;
    private int width;

    /**
     * Takes another extent; the pixels are then to be written.
     *
     * @throws IllegalArgumentException if it has no pixel, or more than an array holds
     */
    public void resize(int newChannels, int newHeight, int newWidth) {
        long size = (long) newChannels * newHeight * newWidth;
        if (newChannels < 1 || newHeight < 1 || newWidth < 1 || size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("A picture has 1 to " + Integer.MAX_VALUE + " values, got " + newChannels
                    + " channels of " + newHeight + "x" + newWidth + ".");
        }
        if (pixels.length < size) {
            pixels = new byte[(int) size];
        }
        channels = newChannels;
        height = newHeight;
        width = newWidth;
    }

    /** The array itself, which may be longer than the picture. */
    public byte[] pixels() {
        return pixels;
    }

    /** Colour planes. */
    public int channels() {
        return channels;
    }

    /** Rows. */
    public int height() {
        return height;
    }

    /** Columns. */
    public int width() {
        return width;
    }
}
