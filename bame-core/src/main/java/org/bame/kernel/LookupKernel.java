package org.bame.kernel;

/**
 * Rows of a table {@code [vocabulary][features]} for token ids, for one batch layout. Ids are blocks of one channel that hold
 * whole numbers from 0 to {@code vocabulary - 1}; their padding lanes may hold anything.
 */
public interface LookupKernel {
    /**
     * y = the rows of the ids; padding becomes 0.
     *
     * @throws IllegalArgumentException if an id is no row
     */
    void forward(Storage ids, Storage table, Storage y);

    /**
     * dTable = for each row the sum of {@code dy} over the tokens that read it, in the order of memory; 0 for others.
     *
     * @throws IllegalArgumentException if an id is no row
     */
    void backward(Storage ids, Storage dy, Storage dTable);
}
