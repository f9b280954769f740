package org.bame.method;

/**
 * Mask statistics of one layer.
 *
 * @param layer name
 * @param density kept fraction of the forward support now
 * @param maskUpdates since the last query
 * @param flipRate share of the weights whose mask bit changed, averaged over these updates (0 without updates)
 * @param frozenShare share of the blocks that are frozen
 * @param everActiveShare share of the weights that were kept at any time
 */
public record LayerStatistics(
        String layer, double density, long maskUpdates, double flipRate, double frozenShare, double everActiveShare) {}
