package org.bame.method;

/**
 * Mask statistics of one layer.
 *
 * @param layer name
 * @param density kept fraction of the forward support now
 * @param flipRate share of the weights whose mask bit changed, averaged over the mask updates since the last query (0 without updates)
 * @param frozenShare share of the blocks that are frozen
 * @param everActiveShare share of the weights that were kept at any time
 */
public record LayerStatistics(
        String layer, double density, double flipRate, double frozenShare, double everActiveShare) {}
