package org.bame.baselines.transposable;

import org.bame.sparsity.NmPattern;
import org.bame.sparsity.TileSolver;
import org.jgrapht.Graph;
import org.jgrapht.alg.flow.mincost.CapacityScalingMinimumCostFlow;
import org.jgrapht.alg.flow.mincost.MinimumCostFlowProblem;
import org.jgrapht.alg.interfaces.MinimumCostFlowAlgorithm.MinimumCostFlow;
import org.jgrapht.graph.SimpleDirectedWeightedGraph;

/**
 * The mask of largest magnitude, by a flow of minimum cost (Hubara et al., NeurIPS 2021, arXiv 2102.08124): every row sends N,
 * an arc from each row to each column carries at most 1, every column passes on at most N. The flow is N times the number of
 * rows. (The authors' code fixes it at M*M/2, which is right for N = M/2 alone.)
 *
 * <p>An arc costs what its weight's magnitude lacks of the tile's largest, as a fraction of that one's power of two, rounded
 * to 2^-40 (magnitudes above 2^-16 of the largest lose nothing): so all sums are exact, and far below the 1e9 that the library
 * takes for infinite. Of several best masks the one that the algorithm meets is taken; it depends on the magnitudes alone.
 * Allocates; one thread at a time.
 */
final class MinimumCostFlowTileSolver implements TileSolver {
    private static final int COST_BITS = 40;

    private final int n;
    private final int m;
    private final int sink;
    private final Graph<Integer, Integer> graph;

    /** A solver for tiles of a pattern. */
    MinimumCostFlowTileSolver(NmPattern pattern) {
        this.n = pattern.n();
        this.m = pattern.m();
        this.sink = 2 * m;
        this.graph = new SimpleDirectedWeightedGraph<>(Integer.class);
        // Vertices: M rows, M columns, the sink. Arcs: weight (row, column) is row * M + column; then a column's to the sink.
        for (int vertex = 0; vertex <= sink; vertex++) {
            graph.addVertex(vertex);
        }
        for (int weight = 0; weight < m * m; weight++) {
            graph.addEdge(weight / m, m + weight % m, weight);
        }
        for (int column = 0; column < m; column++) {
            graph.addEdge(m + column, sink, m * m + column);
            graph.setEdgeWeight(m * m + column, 0);
        }
    }

    @Override
    public void solve(float[] magnitudes, int rows, boolean[] kept) {
        float largest = 0;
        for (int i = 0; i < rows * m; i++) {
            largest = Math.max(largest, magnitudes[i]);
        }
        int shift = COST_BITS - Math.getExponent(largest);
        for (int i = 0; i < rows * m; i++) {
            double units = Math.rint(Math.scalb((double) largest - magnitudes[i], shift));
            // As an arc's weight: the library (1.5.2) does not ask a problem's function of costs.
            graph.setEdgeWeight(i, Math.scalb(units, -COST_BITS));
        }
        MinimumCostFlow<Integer> flow = new CapacityScalingMinimumCostFlow<Integer, Integer>()
                .getMinimumCostFlow(new MinimumCostFlowProblem.MinimumCostFlowProblemImpl<>(
                        graph,
                        vertex -> supply(vertex, rows),
                        arc -> arc < m * m ? 1 : n));
        for (int i = 0; i < rows * m; i++) {
            kept[i] = flow.getFlow(i) > 0.5;
        }
    }

    /** Rows that the tile lacks send nothing. */
    private int supply(int vertex, int rows) {
        if (vertex == sink) {
            return -n * rows;
        }
        return vertex < rows ? n : 0;
    }
}
