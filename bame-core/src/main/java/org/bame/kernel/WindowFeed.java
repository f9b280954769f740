package org.bame.kernel;

/** Packs what a walk over units and passes reads next, and remembers what neighbouring lines share. One a worker. */
final class WindowFeed {
    private static final int SOURCE = CacheLines.APART;
    private static final int TILE = SOURCE + 1;
    private static final int NEXT_SLOT = SOURCE + 2;

    private GatherPlan plan;
    private long memory;
    /** The lanes and the tile walked, and the next slot to pack: written for each line. */
    private final long[] walked = new long[NEXT_SLOT + 1 + CacheLines.APART];

    /** Forgets what was packed: the next walk reads other numbers. */
    void begin(GatherPlan walk, long windowMemory) {
        plan = walk;
        memory = windowMemory;
        walked[SOURCE] = 0;
    }

    /** Goes to a tile of the lanes whose first vector, at pixel and channel 0 of a block, lies at {@code lanes}. */
    void tile(long lanes, int next) {
        if (lanes != walked[SOURCE] || next != walked[TILE]) {
            walked[SOURCE] = lanes;
            walked[TILE] = next;
            walked[NEXT_SLOT] = 0;
        }
    }

    /** Packs a pass; the address of its first slot, or 0 if the pass is one source line and that is outside. */
    long pass(int line, int pass) {
        return pass(line, pass, 0);
    }

    /** The same, while the windows of {@code held} lines before stay where they are. */
    long pass(int line, int pass, int held) {
        Correlation gather = plan.gather();
        PackedWindow window = plan.window();
        int taps = gather.across().taps();
        if (plan.cut().slides(gather)) {
            int first = line * gather.across().sourceStep();
            for (int slot = Math.max(first, (int) walked[NEXT_SLOT]); slot < first + taps; slot++) {
                pack(window.sourceLine(0, slot), 0, memory + slot * window.slotBytes());
            }
            walked[NEXT_SLOT] = first + taps;
            return memory + first * window.slotBytes();
        }
        long to = memory + held * plan.lineBytes();
        if (plan.cut().split()) {
            int sourceLine = window.sourceLine(line, pass % taps);
            if (!window.hasLine(sourceLine)) {
                return 0;
            }
            pack(sourceLine, pass, to);
            return to;
        }
        for (int tap = 0; tap < taps; tap++) {
            pack(window.sourceLine(line, tap), pass, to + tap * window.slotBytes());
        }
        return to;
    }

    private void pack(int sourceLine, int pass, long slot) {
        int tile = (int) walked[TILE];
        plan.window().pack(walked[SOURCE], sourceLine, plan.firstPixel(tile), plan.pixels(tile),
                plan.range(pass) * plan.cut().channels(), plan.channels(pass), slot);
    }
}
