package org.bame.method.bame;

import org.bame.method.Key;
import org.bame.method.Key.Status;

/**
 * Every choice of BAME (Block-Aware Mask Evolution, ICML 2025). What a public source states is tagged {@code STATED}, what
 * follows from stated facts {@code DERIVED}; the rest is {@code ASSUMED}: the equations of the paper were not available, so
 * each such choice is a key. The meaning of a key stands in its {@link Key}.
 */
public record BameConfiguration(
        @Key(
                value = "what trains before step t_i: that some simple gradient-based pruning does is stated, SR-STE "
                        + "follows from the published 2.37x fewer FLOPs, not uniquely",
                status = Status.DERIVED) InitPhase initPhase,
        @Key(
                value = "t_i as a fraction of the run, rounded to the nearest step: 1/3 follows from the published 2.37x "
                        + "fewer FLOPs than SR-STE, not uniquely; 0 is loss-aware mask adaption alone",
                status = Status.DERIVED) double initFraction,
        @Key(
                value = "t_f as a fraction of the run, rounded to the nearest step; masks are fixed from there",
                status = Status.ASSUMED) double finalFraction,
        @Key(
                value = "T, steps between adaptations, the first of which is at t_i: as t_i from the published 2.37x, not uniquely",
                status = Status.DERIVED) int interval,
        @Key(
                value = "steps up to and including an adaptation, at most T of them, whose dense gradients are averaged "
                        + "for it; the first adaptation, at t_i, has only its own",
                status = Status.ASSUMED) int gradientBatches,
        @Key(
                value = "false keeps the mask of t_i to the end: the same run without mask evolution",
                status = Status.STATED) boolean adaptation,
        @Key(
                value = "decay of masked weights in initial phases SRSTE and BIMASK: SR-STE's",
                status = Status.ASSUMED) double lambda,
        @Key(
                value = "displacement expected of a revived weight per unit of gradient. LR is recommended: with LR_T nearly "
                        + "every swap passes for a gain, of a displacement that is not made on a batch that does not "
                        + "come again, and accuracy fell where it was measured",
                status = Status.ASSUMED) Kappa kappa,
        @Key(
                value = "how a block's victim is chosen and its loss estimated",
                status = Status.ASSUMED) PruneScore pruneScore,
        @Key(
                value = "most swaps in a block at an adaptation, at most min(N, M - N); with transpose TILE most "
                        + "4-cycles in a tile, each in two other rows, at most M / 2",
                status = Status.ASSUMED) int swapsPerBlock,
        @Key(
                value = "value of a revived weight",
                status = Status.ASSUMED) RevivedValue revivedValue,
        @Key(
                value = "share of a layer's blocks (with transpose TILE: tiles) that the first adaptation may change: "
                        + "RigL's",
                status = Status.ASSUMED) double rho0,
        @Key(
                value = "how this share falls until t_f: RigL's",
                status = Status.ASSUMED) Budget budget,
        @Key(
                value = "by expected loss reduction, or at random for comparison",
                status = Status.STATED) Selection blockSelection,
        @Key(
                value = "whether blocks compete within their layer or across all",
                status = Status.ASSUMED) Ranking ranking,
        @Key(
                value = "what counts as an oscillation of a block",
                status = Status.ASSUMED) Oscillation oscillation,
        @Key(
                value = "how oscillations accumulate: that they do is stated, the form is assumed",
                status = Status.ASSUMED) Frequency frequency,
        @Key(
                value = "weight of the past in frequency RUNNING_MEAN",
                status = Status.ASSUMED) double mu,
        @Key(
                value = "which blocks are frozen for good: that oscillating ones are is stated, the rule is assumed",
                status = Status.ASSUMED) FreezeRule freezeRule,
        @Key(
                value = "frequency above which a block freezes (freezeRule THRESHOLD) or is passed over (joint HARD)",
                status = Status.ASSUMED) double tau,
        @Key(
                value = "oscillations that freezeRule THRESHOLD wants to have seen",
                status = Status.ASSUMED) int minCount,
        @Key(
                value = "share of a layer's blocks that freezeRule QUANTILE freezes at an adaptation",
                status = Status.ASSUMED) double phi,
        @Key(
                value = "how frequency and loss reduction make one priority: that they do is stated, the form is assumed",
                status = Status.ASSUMED) Joint joint,
        @Key(
                value = "strength of joint SOFT",
                status = Status.ASSUMED) double gamma,
        @Key(
                value = "how W^T gets a structure after t_i, which the paper leaves open",
                status = Status.ASSUMED) Transpose transpose,
        @Key(
                value = "steps between choices of the input gradient's own mask (transpose DOUBLE_PRUNE and BI_MASK, "
                        + "initial phase BIMASK): Bi-Mask's and SLoPe's; after an adaptation it is chosen anew, too",
                status = Status.CODE) int backwardInterval,
        @Key(
                value = "random orders of the outputs that Bi-Mask tries each time (transpose BI_MASK, initial phase "
                        + "BIMASK)",
                status = Status.CODE) int permutations,
        @Key(
                value = "each so many adaptations the loss change by each layer's swaps alone is measured on the step's "
                        + "batch, for masks.csv: a forward pass a layer, in no training time; 0 never",
                status = Status.SUITE) int measureEvery) {

    /** Whether the input gradient has a mask of its own from t_i on. */
    boolean thinsSparsePhases() {
        return transpose == Transpose.DOUBLE_PRUNE || transpose == Transpose.BI_MASK;
    }

    /** Whether it has one at any time. */
    boolean hasBackwardMask() {
        return thinsSparsePhases() || initPhase == InitPhase.BIMASK;
    }

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
                Transpose.NONE,
                100,
                100,
                0);
    }

    /**
     * What trains before t_i. The first three train a dense store and keep its N largest weights a block at t_i; the
     * one-shot phases prune at the first step and train that mask until t_i; the last is a method of its own.
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
         * Bi-Mask (Zhang et al., ICML 2023): as {@code SRSTE}, and the input gradient by a mask of its own that is N:M
         * along the outputs in the best of {@code permutations} orders. Its cost, with t_i at 2/3, explains the published
         * FLOPs as well as {@code SRSTE} at 1/3.
         */
        BIMASK;

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

    /**
     * How W^T, which the input gradient multiplies by, gets its structure from t_i on (methods.md 4.5). Outputs
     * that M does not divide leave a last tile or block of fewer, as if zeros filled it up: W^T is N:M there too.
     */
    public enum Transpose {
        /** Not at all: sparse on a CPU, dense on N:M hardware. */
        NONE,
        /** Masks keep N in each row and column of M x M tiles; an adaptation exchanges along 4-cycles. */
        TILE,
        /** The input gradient has a mask of its own: of the forward mask's weights, the N largest of M along the outputs. */
        DOUBLE_PRUNE,
        /** The same along the outputs in the best of {@code permutations} random orders. */
        BI_MASK
    }
}
