package org.bame.sparsity;

/** How many weights a mask keeps where a pattern counts them: in every block, of every output or in the layer. */
enum KeptCount implements MaskPromise {
    EXACT(""),
    AT_MOST("at most "),
    AT_LEAST("at least ");

    private final String words;

    KeptCount(String words) {
        this.words = words;
    }

    @Override
    public void require(Mask mask, SparsityPattern pattern) {
        WeightShape shape = mask.shape();
        switch (pattern) {
            case NmPattern nm -> {
                requireAgreement(mask, nm);
                NmBlocks blocks = new NmBlocks(shape, nm);
                for (int block = 0; block < blocks.count(); block++) {
                    int first = blocks.first(block);
                    requireKept(mask, first, first + nm.m(), nm.n(), pattern);
                }
            }
            case UnstructuredPattern unstructured ->
                requireKept(mask, 0, shape.size(), unstructured.kept(shape), pattern);
            case FanInPattern fanIn -> {
                int length = shape.rowLength();
                for (int first = 0; first < shape.size(); first += length) {
                    requireKept(mask, first, first + length, fanIn.kept(shape), pattern);
                }
            }
        }
    }

    private static void requireAgreement(Mask mask, NmPattern pattern) {
        int output = mask.disagreeingOutput(pattern.rowGroup());
        if (output >= 0) {
            throw new IllegalStateException("Output " + output + " of " + mask.shape()
                    + " keeps other positions than the first of its group, expected each " + pattern.rowGroup()
                    + " consecutive outputs to agree by pattern " + pattern);
        }
    }

    private void requireKept(Mask mask, int from, int end, int expected, SparsityPattern pattern) {
        int kept = mask.count(from, end);
        if (!allows(kept, expected)) {
            throw new IllegalStateException("Weights " + from + " to " + (end - 1) + " of " + mask.shape() + " keep "
                    + kept + ", expected " + words + expected + " by pattern " + pattern);
        }
    }

    private boolean allows(int kept, int expected) {
        return switch (this) {
            case EXACT -> kept == expected;
            case AT_MOST -> kept <= expected;
            case AT_LEAST -> kept >= expected;
        };
    }
}
