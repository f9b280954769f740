package org.bame.method.bame;

/**
 * Every choice of BAME (Block-Aware Mask Evolution, ICML 2025). What a public source states is tagged STATED, what follows
 * from stated facts DERIVED; the rest is ASSUMED: the equations of the paper were not available, so each such choice is a key.
 *
 * @param initPhase what trains before step t_i (default {@code SRSTE}; ASSUMED, but some gradient-based start is STATED)
 * @param initFraction t_i as a fraction of the run, rounded to the nearest step (1/3; DERIVED from the published 2.37x fewer
 *     FLOPs than SR-STE, not uniquely)
 * @param finalFraction t_f as a fraction of the run, rounded to the nearest step; masks are fixed from there (0.8; ASSUMED)
 * @param interval T, steps between adaptations; the first is at t_i (100; DERIVED as t_i)
 * @param gradientBatches steps up to and including an adaptation, at most T of them, whose dense gradients are averaged
 *     for it; the first adaptation, at t_i, has only its own (1; ASSUMED)
 * @param adaptation false keeps the mask of t_i to the end: the same run without mask evolution (true; STATED)
 * @param lambda decay of masked weights in initial phase {@code SRSTE} (2e-4; ASSUMED: SR-STE's)
 * @param kappa displacement expected of a revived weight per unit of gradient ({@code LR_T}; ASSUMED)
 * @param pruneScore how a block's victim is chosen and its loss estimated ({@code ABS_SALIENCY}; ASSUMED)
 * @param swapsPerBlock most swaps in a block at an adaptation, at most min(N, M - N) (1; ASSUMED)
 * @param revivedValue value of a revived weight ({@code ZERO}; ASSUMED)
 * @param rho0 share of a layer's blocks that the first adaptation may change (0.3; ASSUMED: RigL's)
 * @param budget how this share falls until t_f ({@code COSINE}; ASSUMED: RigL's)
 * @param blockSelection by expected loss reduction, or at random for comparison ({@code LOSS_AWARE}; STATED)
 * @param ranking whether blocks compete within their layer or across all ({@code PER_LAYER}; ASSUMED)
 * @param oscillation what counts as an oscillation of a block ({@code REVERSAL}; ASSUMED)
 * @param frequency how oscillations accumulate ({@code RUNNING_MEAN}; that they accumulate is STATED, the form ASSUMED)
 * @param mu weight of the past in {@code RUNNING_MEAN} (0.9; ASSUMED)
 * @param freezeRule which blocks are frozen for good ({@code THRESHOLD}; that oscillating ones are is STATED, the rule ASSUMED)
 * @param tau frequency above which a block freezes or, with {@code joint} hard, is passed over (0.2; ASSUMED)
 * @param minCount oscillations that {@code THRESHOLD} wants to have seen (2; ASSUMED)
 * @param phi share of a layer's blocks that {@code QUANTILE} freezes at an adaptation (0.05; ASSUMED)
 * @param joint how frequency and loss reduction make one priority ({@code HARD}; that they do is STATED, the form ASSUMED)
 * @param gamma strength of {@code SOFT} (1; ASSUMED)
 * @param transpose how W^T gets its structure ({@code NONE}; ASSUMED: the paper leaves it open)
 */
public record BameConfiguration(
        InitPhase initPhase,
        double initFraction,
        double finalFraction,
        int interval,
        int gradientBatches,
        boolean adaptation,
        double lambda,
        Kappa kappa,
        PruneScore pruneScore,
        int swapsPerBlock,
        RevivedValue revivedValue,
        double rho0,
        Budget budget,
        Selection blockSelection,
        Ranking ranking,
        Oscillation oscillation,
        Frequency frequency,
        double mu,
        FreezeRule freezeRule,
        double tau,
        int minCount,
        double phi,
        Joint joint,
        double gamma,
        Transpose transpose) {

    /** The documented defaults. */
    public static BameConfiguration defaults() {
        return new BameConfiguration(
                InitPhase.SRSTE,
                1.0 / 3,
                0.8,
                100,
                1,
                true,
                2e-4,
                Kappa.LR_T,
                PruneScore.ABS_SALIENCY,
                1,
                RevivedValue.ZERO,
                0.3,
                Budget.COSINE,
                Selection.LOSS_AWARE,
                Ranking.PER_LAYER,
                Oscillation.REVERSAL,
                Frequency.RUNNING_MEAN,
                0.9,
                FreezeRule.THRESHOLD,
                0.2,
                2,
                0.05,
                Joint.HARD,
                1,
                Transpose.NONE);
    }

    /**
     * What trains before t_i. The first three train a dense store and keep its N largest weights a block at t_i; the
     * one-shot phases prune at the first step and train that mask until t_i; the last is for accounts only.
     */
    public enum InitPhase {
        /** Straight-through with decay of masked weights. */
        SRSTE,
        /** Straight-through without. */
        STE,
        /** No mask at all. */
        DENSE,
        /** The N largest initial weights of a block. */
        MAGNITUDE_ONE_SHOT,
        /**
         * The N largest |gradient * weight| of a block at the first step (connection sensitivity; Lee et al., ICLR
         * 2019). Note that the score is |G w|, the first-order cost of removing the weight, and not the gradient's
         * magnitude |G|: the sources say "gradient-based pruning" and not which.
         */
        GRADIENT_ONE_SHOT,
        /** N weights of a block at random. */
        RANDOM,
        /**
         * Forward product and input gradient sparse, weight gradient dense: the cost of Bi-Mask, which explains the
         * published FLOPs as well as {@code SRSTE} if t_i is 2/3. Only counted by the FLOPs account, not trained.
         */
        BIMASK_COST;

        /** Whether the mask is chosen at the first step. */
        public boolean oneShot() {
            return this == MAGNITUDE_ONE_SHOT || this == GRADIENT_ONE_SHOT || this == RANDOM;
        }
    }

    /** Look-ahead: a revived weight is expected to move by {@code -kappa * gradient}. */
    public enum Kappa {
        /** The learning rate: one step of plain descent. */
        LR,
        /** Learning rate times T: until the next adaptation. */
        LR_T,
        /** Learning rate times T / (1 - momentum). */
        LR_T_MOMENTUM
    }

    /** How the victim among a block's active weights is chosen; G is the gradient. */
    public enum PruneScore {
        /** Smallest |G w|, which is also the loss estimate. */
        ABS_SALIENCY,
        /** Smallest -G w: prefers weights whose removal seems to help. */
        SIGNED,
        /** Smallest |w|; the loss estimate is |G w|. */
        MAGNITUDE
    }

    /** Value of a revived weight. */
    public enum RevivedValue {
        /** Zero. */
        ZERO,
        /** One step of plain descent: {@code -lr * G}. */
        GRADIENT_STEP,
        /** What it was when last pruned. */
        LAST_STORED
    }

    /** How the share of changeable blocks evolves from rho0 at t_i to t_f. */
    public enum Budget {
        /** {@code rho0 / 2 * (1 + cos(pi x))}. */
        COSINE,
        /** {@code rho0} throughout. */
        CONSTANT
    }

    /** Which blocks are changed. */
    public enum Selection {
        /** Those of largest priority, if a swap in them is expected to reduce the loss. */
        LOSS_AWARE,
        /** Unfrozen ones at random, whatever their swap is expected to do. */
        RANDOM
    }

    /** Among which blocks the budget is shared. */
    public enum Ranking {
        /** Every layer changes its own share. */
        PER_LAYER,
        /** All layers' blocks compete. */
        GLOBAL
    }

    /** What counts as an oscillation of a block at an adaptation. */
    public enum Oscillation {
        /** A revived weight had been pruned by an earlier adaptation. */
        REVERSAL,
        /** The block's mask changed. */
        CHANGE
    }

    /** How a block's oscillations accumulate. */
    public enum Frequency {
        /** {@code f = mu f + (1 - mu) q} at every adaptation. */
        RUNNING_MEAN,
        /** Oscillations so far over adaptations so far. */
        ACCUMULATED
    }

    /** Which blocks keep their mask for the rest of the run. */
    public enum FreezeRule {
        /** Frequency above tau and at least minCount oscillations. */
        THRESHOLD,
        /** At each adaptation the share phi of highest frequency, if above 0. */
        QUANTILE,
        /** None. */
        NONE
    }

    /** Priority of a block, from its expected loss reduction E and its oscillation frequency f. */
    public enum Joint {
        /** E, or 0 while f is above tau. */
        HARD,
        /** {@code E / (1 + gamma f)}. */
        SOFT,
        /** E alone. */
        NONE
    }

    /** How W^T, which the input gradient multiplies by, gets its structure. */
    public enum Transpose {
        /** Not at all: sparse on a CPU, dense on N:M hardware. */
        NONE,
        /** Masks transposable on M x M tiles. Only counted by the FLOPs account so far, not trained. */
        TILE
    }
}
