package org.bame.kernel;

import java.util.Random;
import org.bame.sparsity.Mask;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;

/** Supports worth testing. */
enum SupportKind {
    DENSE, EMPTY, SINGLE, FULL_MASK, NM_2_4, NM_1_4, NM_1_16, NM_2_4_G2, NM_1_4_G4, NM_1_4_G8, UNSTRUCTURED, UNEVEN;

    Support make(WeightShape shape, Random random) {
        return switch (this) {
            case DENSE -> Support.DENSE;
            case EMPTY -> Support.of(Mask.empty(shape));
            case SINGLE -> Support.of(single(shape, random));
            case FULL_MASK -> Support.of(Mask.full(shape));
            case NM_2_4 -> Support.of(blocks(shape, 2, 4, random));
            case NM_1_4 -> Support.of(blocks(shape, 1, 4, random));
            case NM_1_16 -> Support.of(blocks(shape, 1, 16, random));
            case NM_2_4_G2 -> Support.of(grouped(shape, 2, 4, 2, random));
            case NM_1_4_G4 -> Support.of(grouped(shape, 1, 4, 4, random));
            case NM_1_4_G8 -> Support.of(grouped(shape, 1, 4, 8, random));
            case UNSTRUCTURED -> Support.of(unstructured(shape, random));
            case UNEVEN -> Support.of(uneven(shape, random));
        };
    }

    static boolean keeps(Support support, int weight) {
        return !(support instanceof Support.Masked masked) || masked.mask().get(weight);
    }

    private static Mask single(WeightShape shape, Random random) {
        Mask mask = Mask.empty(shape);
        mask.set(random.nextInt(shape.size()), true);
        return mask;
    }

    private static Mask unstructured(WeightShape shape, Random random) {
        Mask mask = Mask.empty(shape);
        for (int i = 0; i < shape.size(); i++) {
            mask.set(i, random.nextInt(10) < 3);
        }
        return mask;
    }

    /** Outputs of unlike densities, as unstructured pruning leaves them: some keep nothing, some all; a few inputs are unused. */
    private static Mask uneven(WeightShape shape, Random random) {
        Mask mask = Mask.empty(shape);
        boolean[] unused = new boolean[shape.inputs()];
        for (int input = 0; input < unused.length; input++) {
            unused[input] = random.nextInt(8) == 0;
        }
        for (int output = 0; output < shape.outputs(); output++) {
            int tenths = switch (random.nextInt(4)) {
                case 0 -> 0;
                case 1 -> 10;
                default -> random.nextInt(4);
            };
            int first = output * shape.rowLength();
            for (int i = first; i < first + shape.rowLength(); i++) {
                mask.set(i, random.nextInt(10) < tenths && !unused[i % shape.inputs()]);
            }
        }
        return mask;
    }

    /** A random N:M mask in which each {@code group} outputs agree. */
    private static Mask grouped(WeightShape shape, int n, int m, int group, Random random) {
        Mask pattern = blocks(shape, n, m, random);
        Mask mask = Mask.empty(shape, group);
        for (int output = 0; output < shape.outputs(); output += group) {
            int first = output * shape.rowLength();
            for (int i = 0; i < shape.rowLength(); i++) {
                mask.set(first + i, pattern.get(first + i));
            }
        }
        return mask;
    }

    /** A random N:M mask; inputs that fill no block form a shorter one. */
    private static Mask blocks(WeightShape shape, int n, int m, Random random) {
        Mask mask = Mask.empty(shape);
        for (int run = 0; run < shape.size(); run += shape.inputs()) {
            for (int block = 0; block < shape.inputs(); block += m) {
                int length = Math.min(m, shape.inputs() - block);
                int first = run + block;
                while (mask.count(first, first + length) < Math.min(n, length)) {
                    mask.set(first + random.nextInt(length), true);
                }
            }
        }
        return mask;
    }
}
