package org.bame.baselines.lbc;

import org.bame.sparsity.NmPattern;

/** All ways to keep N of M positions, in lexicographic order. */
final class Candidates {
    /** Of one block: more would take too much memory and time, a score of each block and candidate being trained. */
    static final int MOST = 256;

    private final int[][] positions;

    /**
     * All of them.
     *
     * @throws IllegalArgumentException if they are more than {@link #MOST}
     */
    Candidates(NmPattern pattern) {
        if (count(pattern) > MOST) {
            throw new IllegalArgumentException(problem(pattern));
        }
        positions = new int[count(pattern)][pattern.n()];
        for (int i = 0; i < pattern.n(); i++) {
            positions[0][i] = i;
        }
        for (int candidate = 1; candidate < positions.length; candidate++) {
            int[] next = positions[candidate - 1].clone();
            int place = pattern.n() - 1;
            while (next[place] == pattern.m() - pattern.n() + place) {
                place--;
            }
            next[place]++;
            for (int i = place + 1; i < next.length; i++) {
                next[i] = next[i - 1] + 1;
            }
            positions[candidate] = next;
        }
    }

    /** C(M, N); some number above {@link #MOST} if it is above that. */
    static int count(NmPattern pattern) {
        int chosen = Math.min(pattern.n(), pattern.m() - pattern.n());
        long count = 1;
        for (int i = 1; i <= chosen && count <= MOST; i++) {
            count = count * (pattern.m() - chosen + i) / i;
        }
        return (int) Math.min(count, MOST + 1);
    }

    /** Of a pattern with too many. */
    static String problem(NmPattern pattern) {
        return "pattern " + pattern + " has more than " + MOST + " ways to keep " + pattern.n() + " of " + pattern.m()
                + " weights, each of which would have a score in every block, expected at most " + MOST
                + "; choose a pattern such as 2:4 (6), 1:16 (16), 4:8 (70) or 2:16 (120), or another method";
    }

    /** Their number, C(M, N). */
    int count() {
        return positions.length;
    }

    /** The positions that a candidate keeps, rising; not to be changed. */
    int[] positions(int candidate) {
        return positions[candidate];
    }
}
