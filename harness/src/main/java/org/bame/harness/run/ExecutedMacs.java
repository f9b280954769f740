package org.bame.harness.run;

import java.util.List;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.Product;
import org.bame.layer.LayerReport;

/**
 * Compares what kernels counted with what the dense kernels would have counted. Kernels skip taps that lie on the
 * padding, which the papers count; so the dense side must leave them out too.
 */
final class ExecutedMacs {

    private ExecutedMacs() {}

    /** Multiply-accumulates of one dense product of one image without those on the padding. */
    static long dense(ConvolutionShape shape) {
        long rows = taps(
                shape.input().height(), shape.output().height(), shape.kernelHeight(), shape.stride(), shape.padding());
        long columns = taps(
                shape.input().width(), shape.output().width(), shape.kernelWidth(), shape.stride(), shape.padding());
        return rows * columns * shape.weights().inputs() * shape.outputs();
    }

    /**
     * Training cost over the dense network's, of products that ran: a stem has no input gradient. NaN before a step.
     */
    static double ratio(List<LayerTotals> totals, List<LayerReport> reports) {
        double executed = 0;
        double dense = 0;
        for (int i = 0; i < totals.size(); i++) {
            for (Product product : Product.values()) {
                LayerTotals.Totals done = totals.get(i).product(product);
                if (done.calls() > 0) {
                    executed += done.macs();
                    dense += (double) totals.get(i).images() * dense(reports.get(i).shape());
                }
            }
        }
        return dense == 0 ? Double.NaN : executed / dense;
    }

    private static long taps(int input, int output, int kernel, int stride, int padding) {
        long count = 0;
        for (int position = 0; position < output; position++) {
            for (int tap = 0; tap < kernel; tap++) {
                int at = position * stride - padding + tap;
                count += at >= 0 && at < input ? 1 : 0;
            }
        }
        return count;
    }
}
