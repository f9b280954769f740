package org.bame.kernel;

import java.util.ArrayList;
import java.util.List;

/** Which tokens of an image a token sees in attention. */
public sealed interface AttentionScope {
    /** Every token sees all. */
    AttentionScope FULL = new Full();

    /** A token sees itself and earlier ones. */
    AttentionScope CAUSAL = new Causal();

    /** Numbers of the learned bias of relative positions that each head adds to its scores; 0 if it has none. */
    default int biasesPerHead() {
        return 0;
    }

    /** Tokens that a token of an image sees, those behind a mask included. */
    default int reach(FeatureShape input) {
        return input.pixels();
    }

    /** The parts of an image outside which its tokens see nothing. */
    default List<AttentionWindow> windows(FeatureShape input) {
        return List.of(new AttentionWindow(0, input.height(), input.width(), input.height()));
    }

    /** See {@link #FULL}. */
    record Full() implements AttentionScope {}

    /** See {@link #CAUSAL}. */
    record Causal() implements AttentionScope {}

    /**
     * A token sees its window (Liu et al. 2021, Swin), and adds to each score a learned bias of the relative position (equation
     * 4 there): {@code [query's row - key's][query's column - key's][head]}, from {@code 1 - size} on, as torchvision has it.
     *
     * <p>Swin shifts an image cyclically, and hides from a token what came from the other edge. So windows are here cut where
     * they lie, {@code shift} rows and columns off the corner: those at an edge are smaller, and nothing needs hiding. Where
     * windows do not tile an image they end with it (torchvision pads instead, with zeros that tokens see). An extent of
     * one window at most is not cut, as in torchvision.
     *
     * @param size rows and columns of a window
     * @param shift rows and columns of the first one, if not as many as of the others: 0, or less than {@code size}
     */
    record Windows(int size, int shift) implements AttentionScope {
        /** Checks the extents. */
        public Windows {
            if (size < 1 || shift < 0 || shift >= size) {
                throw new IllegalArgumentException("Windows of " + size + "x" + size + " pixels, shifted by " + shift
                        + ", expected at least 1x1, shifted by less than that");
            }
        }

        @Override
        public int biasesPerHead() {
            return (2 * size - 1) * (2 * size - 1);
        }

        @Override
        public int reach(FeatureShape input) {
            return Math.min(size, input.height()) * Math.min(size, input.width());
        }

        @Override
        public List<AttentionWindow> windows(FeatureShape input) {
            List<AttentionWindow> windows = new ArrayList<>();
            int column = 0;
            while (column < input.width()) {
                int columns = end(column, input.width()) - column;
                int row = 0;
                while (row < input.height()) {
                    int rows = end(row, input.height()) - row;
                    windows.add(new AttentionWindow(column * input.height() + row, rows, columns, input.height()));
                    row += rows;
                }
                column += columns;
            }
            return windows;
        }

        /** Where a window ends that begins here. */
        private int end(int begin, int extent) {
            if (extent <= size) {
                return extent;
            }
            return Math.min(extent, begin == 0 && shift > 0 ? shift : begin + size);
        }
    }
}
