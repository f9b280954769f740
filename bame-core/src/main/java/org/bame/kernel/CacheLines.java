package org.bame.kernel;

/**
 * How far apart numbers must lie that different threads write. The Java heap packs objects of several threads into one cache
 * line and moves them at will; a write to it then takes the line from the other thread, even if that only reads its neighbour. A
 * dense forward product whose tiles each wrote one field ran at 0.65 of its speed in 7 of 20 processes (trials that no command
 * here repeats), for as long as the process lived. So tiles write no fields, and what is written for each line stands in the
 * middle of an array, this far from both of its ends.
 */
final class CacheLines {
    /** In longs: two lines of 64 bytes, since processors fetch pairs of them. */
    static final int APART = 16;

    private CacheLines() {}
}
