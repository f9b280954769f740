package org.bame.kernel;

import static org.bame.kernel.Native.LANES;
import static org.bame.kernel.Native.VECTOR_BYTES;

/**
 * How a gather is cut into pieces whose operands stay in the first-level cache: tiles of some pixels of a line and some
 * vectors of each, and passes over ranges of source channels and, perhaps, single across taps. Every pass after the first
 * adds to what the target already holds.
 *
 * <p>The cut with the least estimated time is taken. The estimate counts cycles of packing, of the multiply-adds and of what
 * a row costs beside them, with constants from trials, not kept, on a Zen 5 (one core, two 512-bit loads a cycle, 48 KB of
 * first-level cache). It depends on shapes and on the density of the mask alone, so that sums have the same order everywhere.
 *
 * @param vectors vectors of each pixel in a tile
 * @param pixels most pixels in a tile
 * @param channels source channels of a pass (the last range may be shorter)
 * @param ranges number of channel ranges
 * @param split whether each across tap is a pass of its own
 */
record WindowCut(int vectors, int pixels, int channels, int ranges, boolean split) {
    /** Vectors that a tile of single rows may hold in registers. */
    static final int ROW_TILE = LANES == 16 ? 16 : 12;

    /** Vectors beside the 4 rows of a group in registers. */
    static final int GROUP_TILE = LANES == 16 ? 5 : 3;

    /** Entries beside the 4 rows of an outer product in registers. */
    static final int OUTER_TILE = LANES == 16 ? 4 : 2;

    /** Pixels of a tile that is cut further, into tiles of registers. */
    private static final int MOST_PIXELS = 64;

    /** Vectors over which an outer product is summed before its sums go back to memory. */
    private static final int OUTER_VECTORS = 64;

    /** Channels of a range, if there are several. */
    private static final int FEWEST_CHANNELS = 4;

    /** What of the first-level cache a pass may read without misses. */
    private static final double CACHE_BYTES = 40 * 1024;

    /** Cycles to copy a vector into the window, from the second-level cache. */
    private static final double PACK = 2.2;

    /** Cycles to copy a vector of dY into the panel of a group. */
    private static final double PACK_PANEL = 10;

    /** Cycles that a load from the second-level cache takes longer. */
    private static final double MISS = 1.5;

    /** Bytes of an outer product that do no harm: its loads are streams, which the processor sees coming. */
    private static final double OUTER_BYTES = 512 * 1024;

    /** Bytes of the sums of a scatter. Less than of a window that is only read: dY streams past them with power-of-two strides. */
    private static final double SCATTER_BYTES = 32 * 1024;

    /** The kinds of innermost loops. */
    private enum Tile {
        ROW, GROUP, OUTER
    }

    /** The cut for lists of single rows. */
    static WindowCut forRows(Correlation gather, int blockVectors, double density) {
        return fastest(gather, blockVectors, Tile.ROW, density);
    }

    /** The cut for lists that 4 rows share. */
    static WindowCut forGroups(Correlation gather, int blockVectors, double density) {
        return fastest(gather, blockVectors, Tile.GROUP, density);
    }

    /** The cut for outer products of 4 rows and the entries that they share. */
    static WindowCut forOuterProducts(Correlation gather, int blockVectors, double density) {
        return fastest(gather, blockVectors, Tile.OUTER, density);
    }

    /** The cut for the scatter that is the transpose of a gather: the sums of a range of channels stay in the first-level cache. */
    static WindowCut forScatter(Correlation gather) {
        int line = gather.along().pixels();
        int tiles = (line + GROUP_TILE - 1) / GROUP_TILE;
        int pixels = (line + tiles - 1) / tiles;
        long bytes = new WindowCut(1, pixels, gather.channels(), 1, true).windowBytes(gather);
        int ranges = (int) Math.min(gather.channels(), Math.ceil(bytes / SCATTER_BYTES));
        int channels = (gather.channels() + ranges - 1) / ranges;
        return new WindowCut(1, pixels, channels, (gather.channels() + channels - 1) / channels, true);
    }

    private static WindowCut fastest(Correlation gather, int blockVectors, Tile tile, double density) {
        WindowCut best = null;
        double least = Double.POSITIVE_INFINITY;
        int line = gather.along().pixels();
        for (int vectors = 1; vectors <= 2; vectors++) {
            if (blockVectors % vectors != 0) {
                continue;
            }
            int most = Math.min(line, tile == Tile.ROW ? ROW_TILE / vectors : MOST_PIXELS);
            for (int pixels = 1; pixels <= most; pixels++) {
                if (tile == Tile.ROW && !isRowTile(pixels * vectors)) {
                    continue;
                }
                for (int ranges = 1; ranges == 1 || gather.channels() / ranges >= FEWEST_CHANNELS; ranges++) {
                    int channels = (gather.channels() + ranges - 1) / ranges;
                    if (ranges > 1 && (gather.channels() + channels - 1) / channels < ranges) {
                        continue;
                    }
                    for (boolean split : new boolean[]{false, true}) {
                        WindowCut cut = new WindowCut(vectors, pixels, channels, ranges, split);
                        double cycles = cut.cycles(gather, density, tile) * (blockVectors / vectors);
                        if (cycles < least) {
                            least = cycles;
                            best = cut;
                        }
                    }
                }
            }
        }
        return best;
    }

    private static boolean isRowTile(int vectors) {
        return rowTile(vectors) == vectors;
    }

    /** The largest tile of single rows with at most so many vectors. */
    private static int rowTile(int vectors) {
        return switch (Math.min(vectors, ROW_TILE)) {
            case 16 -> 16;
            case 15, 14 -> 14;
            case 13, 12 -> 12;
            case 11, 10, 9, 8 -> 8;
            case 5, 4 -> 4;
            case 3, 2 -> 2;
            default -> Math.min(vectors, ROW_TILE);
        };
    }

    /** Pixels of the next tile of a line of single-row tiles of which so many pixels are left. */
    int rowTilePixels(int left) {
        int vectorsLeft = Math.min(left, pixels) * vectors;
        int tile = rowTile(vectorsLeft);
        while (tile % vectors != 0) {
            tile = rowTile(tile - 1);
        }
        return tile / vectors;
    }

    /** Estimated cycles for a line of one part of a block. */
    private double cycles(Correlation gather, double density, Tile kind) {
        int passes = passes(gather);
        double entries = density * channels * tapsPerPass(gather) * gather.along().taps();
        int lists = kind == Tile.ROW ? gather.rows() : (gather.rows() + TapLists.GROUP - 1) / TapLists.GROUP;
        int lines = kind == Tile.OUTER ? lines(gather) : 1;
        double bytes = switch (kind) {
            case ROW -> windowBytes(gather);
            case GROUP -> windowBytes(gather) + entries * TapLists.entryBytes(TapLists.GROUP);
            case OUTER -> lines * (windowBytes(gather) + TapLists.GROUP * pixels * vectors * VECTOR_BYTES);
        };
        double missing = Math.max(0, 1 - (kind == Tile.OUTER ? OUTER_BYTES : CACHE_BYTES) / bytes);
        double packed = (double) windowBytes(gather) / VECTOR_BYTES;
        if (slides(gather)) {
            packed *= Math.min(1, (double) gather.across().sourceStep() / gather.across().taps());
        }
        double cycles = 0;
        for (int left = gather.along().pixels(); left > 0;) {
            int tile = kind == Tile.ROW ? rowTilePixels(left) : Math.min(left, pixels);
            int tileVectors = tile * vectors;
            double work = switch (kind) {
                case ROW -> rowCycles(tileVectors, entries, missing);
                case GROUP -> groupCycles(tileVectors, entries, missing);
                case OUTER -> outerCycles(tileVectors, lines, entries, missing);
            };
            cycles += passes * (packed * PACK * (tile + 2) / (pixels + 2) + lists * work);
            left -= tile;
        }
        return cycles;
    }

    private static double rowCycles(int vectors, double entries, double missing) {
        double perEntry = Math.max(4.2, vectors * (0.5 + MISS * missing) + 2.2);
        return 27 + vectors + entries * perEntry;
    }

    private static double groupCycles(int vectors, double entries, double missing) {
        int tiles = (vectors + GROUP_TILE - 1) / GROUP_TILE;
        double perEntry = 2.05 * vectors + tiles * 0.4 + MISS * missing * vectors;
        return tiles * 30 + 6 * vectors + entries * perEntry;
    }

    private static double outerCycles(int vectors, int lines, double entries, double missing) {
        double tiles = Math.ceil(entries / OUTER_TILE);
        double perVector = TapLists.GROUP * OUTER_TILE * 0.55 + MISS * missing * (TapLists.GROUP + OUTER_TILE);
        return vectors * TapLists.GROUP * PACK_PANEL + tiles * (vectors * perVector + 12 + 60.0 / lines);
    }

    /** Neighbouring lines over which an outer product is summed at once. */
    int lines(Correlation gather) {
        return Math.clamp(OUTER_VECTORS / (pixels * vectors), 1, gather.across().pixels());
    }

    /** Passes over the reduction. */
    int passes(Correlation gather) {
        return split ? ranges * gather.across().taps() : ranges;
    }

    /** Across taps of a pass. */
    int tapsPerPass(Correlation gather) {
        return split ? 1 : gather.across().taps();
    }

    /** Whether the whole reduction is one pass, so that neighbouring lines can share what is packed. */
    boolean slides(Correlation gather) {
        return ranges == 1 && !split && gather.across().taps() > 1;
    }

    /** Source positions that are packed of a line: one stretch for each offset of the taps within a step. */
    int positions(Correlation gather) {
        return phases(gather) * positionsPerPhase(gather);
    }

    /** Different offsets of the along taps within a step of the windows. */
    static int phases(Correlation gather) {
        return Math.min(gather.along().sourceStep(), gather.along().taps());
    }

    /** Source positions of one phase. */
    int positionsPerPhase(Correlation gather) {
        return pixels + (gather.along().taps() - 1) / gather.along().sourceStep();
    }

    /** Bytes of what a pass reads. */
    long windowBytes(Correlation gather) {
        return (long) channels * tapsPerPass(gather) * positions(gather) * vectors * VECTOR_BYTES;
    }
}
