package org.bame.harness.run;

import java.util.List;
import org.bame.kernel.Product;
import org.bame.layer.LayerReport;

/** Compares what kernels counted with what the dense kernels would have counted. */
final class ExecutedMacs {

    private ExecutedMacs() {}

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
                    dense += (double) totals.get(i).images() * reports.get(i).shape().macsPerSample();
                }
            }
        }
        return dense == 0 ? Double.NaN : executed / dense;
    }
}
