package org.bame.harness.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.bame.kernel.Product;
import org.bame.sparsity.SparsityPattern;

/**
 * Geometric means over shapes, and the network's sums. A pattern's are over the shapes that it fits, a peer's over those that
 * it could do.
 *
 * @param provider of the kernels
 * @param pattern or empty for dense
 * @param threads of the products
 * @param shapes number of shapes averaged over
 * @param together of the three products together
 * @param products of each product
 * @param network sum over the layers of the three products together
 */
public record KernelSummary(
        String provider,
        Optional<SparsityPattern> pattern,
        int threads,
        int shapes,
        Means together,
        Map<Product, Means> products,
        Total network) {

    /**
     * Means of one kind of time.
     *
     * @param speedupVsDense over the dense kernels
     * @param gflops billions of executed operations a second
     * @param speedupVsPeer over the fastest other library at each shape; NaN if none was measured
     */
    public record Means(double speedupVsDense, double gflops, double speedupVsPeer) {}

    /**
     * Sum of medians, each as often as layers have its shape.
     *
     * @param nanos of one training step's products
     * @param speedupVsDense over the dense kernels' sum
     */
    public record Total(double nanos, double speedupVsDense) {}

    /** One summary for each provider, number of threads and pattern, in the order of the measurements. */
    public static List<KernelSummary> of(List<KernelMeasurement> measurements) {
        Map<Key, List<KernelMeasurement>> groups = measurements.stream()
                .collect(Collectors.groupingBy(
                        one -> new Key(one.provider(), one.threads(), one.pattern()), LinkedHashMap::new, Collectors
                                .toList()));
        List<KernelSummary> summaries = new ArrayList<>();
        groups.forEach((key, group) -> {
            Map<Product, Means> products = new LinkedHashMap<>();
            for (Product product : Product.values()) {
                products.put(product, means(group, Optional.of(product)));
            }
            Set<KernelShape> shapes = group.stream().map(KernelMeasurement::shape).collect(Collectors.toSet());
            summaries.add(new KernelSummary(
                    key.provider(),
                    key.pattern(),
                    key.threads(),
                    shapes.size(),
                    means(group, Optional.empty()),
                    products,
                    total(group)));
        });
        return summaries;
    }

    private static Means means(List<KernelMeasurement> group, Optional<Product> product) {
        GeometricMean speedup = new GeometricMean();
        GeometricMean gflops = new GeometricMean();
        GeometricMean speedupVsPeer = new GeometricMean();
        group.stream().filter(one -> one.product().equals(product)).forEach(one -> {
            speedup.add(one.speedupVsDense());
            gflops.add(one.gflops());
            one.peer().ifPresent(peer -> speedupVsPeer.add(one.speedupVsPeer()));
        });
        return new Means(speedup.value(), gflops.value(), speedupVsPeer.value());
    }

    private static Total total(List<KernelMeasurement> group) {
        double nanos = 0;
        double dense = 0;
        for (KernelMeasurement one : group) {
            if (one.product().isEmpty()) {
                double layers = one.shape().layers() * one.spread().medianNanos();
                nanos += layers;
                dense += layers * one.speedupVsDense();
            }
        }
        return new Total(nanos, dense / nanos);
    }

    private record Key(String provider, int threads, Optional<SparsityPattern> pattern) {}
}
