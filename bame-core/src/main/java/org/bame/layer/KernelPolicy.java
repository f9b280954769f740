package org.bame.layer;

/** How products whose support is a mask are computed. */
public enum KernelPolicy {
    /** By the kernel that skips the zeros, always. */
    SPARSE,
    /**
     * By that kernel or by dense arithmetic on weights that are 0 outside the mask, whichever was faster for the layer's shape
     * at the start of the run. What ran dense is counted dense, and its time is a simulation.
     *
     * <p>It is measured once, on random masks of the run's pattern, that is of the density that a method ends with: a method
     * that becomes sparse gradually (MaxQ's ramp) is served as if it were there already, and whatever a method leaves dense
     * (SR-STE's weight gradient, BAME's at an adaptation) runs dense anyway. The choice is part of the checkpoint, since the
     * two kernels sum in different orders. Measuring takes a few seconds, which count as mask work, and for a while the
     * memory of one more layer.
     */
    AUTO
}
