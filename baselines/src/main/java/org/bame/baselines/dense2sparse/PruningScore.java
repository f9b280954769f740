package org.bame.baselines.dense2sparse;

/** By what gradual pruning chooses the weights that stay. */
enum PruningScore {
    /** The weight's magnitude. */
    MAGNITUDE(
            "magnitude",
            "Dense at first, then prunes the smallest weights step by step; all three products sparse from then on",
            "Zhu and Gupta, To Prune, or Not to Prune, 2017, arXiv 1710.01878"),
    /** {@code |w g|}: what the loss changes by, to first order, if the weight becomes 0. */
    SALIENCY(
            "saliency",
            "Gradual pruning that keeps the weights of largest |weight x gradient|",
            "Molchanov et al., Pruning Convolutional Neural Networks for Resource Efficient Inference, ICLR 2017, arXiv"
                    + " 1611.06440; schedule of Zhu and Gupta 2017, as in JaxPruner, arXiv 2304.14082");

    private final String methodName;
    private final String summary;
    private final String reference;

    PruningScore(String methodName, String summary, String reference) {
        this.methodName = methodName;
        this.summary = summary;
        this.reference = reference;
    }

    String methodName() {
        return methodName;
    }

    String summary() {
        return summary;
    }

    String reference() {
        return reference;
    }

    double of(double weight, double gradient) {
        return this == MAGNITUDE ? Math.abs(weight) : Math.abs(weight * gradient);
    }
}
