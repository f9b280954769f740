package org.bame.kernel;

/**
 * What is the same for all tiles of a pass over lists that 4 rows share. One instance a worker, refilled for each pass. Rows
 * from {@code validRows} on are computed but neither read nor written.
 */
final class GroupPass extends TilePass {
    int validRows;
}
