package org.bame.harness.flops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.flops.CostVector;
import org.bame.flops.FlopsAccount;
import org.bame.flops.LayerCosts;
import org.bame.harness.Suite;
import org.bame.harness.SuiteLoader;
import org.bame.method.Optimizer;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.SparsityPattern;
import org.junit.jupiter.api.Test;

/** Our model of FLOPs, on the built-in networks, gives what papers publish. */
class PublishedCostsTest {

    private static final Suite SUITE = SuiteLoader.load();
    private static final PublishedCosts PUBLISHED = PublishedCosts.read(ReferenceFileTest.FILE);
    private static final int INTERVAL = 100;

    /**
     * methods.md 3.2: within 5 %, but for the inference of 0.965, which is published with one significant digit. ERK rows are
     * left out: RigL's ERK gives the first layer a share, too, which is dense here.
     */
    @Test
    void rigLsTableOfUniformDensities() {
        List<PublishedCost> rows = PUBLISHED.all().stream()
                .filter(cost -> cost.method().equals("rigl") && !cost.pattern().endsWith("/erk"))
                .toList();
        assertThat(rows).hasSize(4).allSatisfy(row -> {
            FlopsAccount account = question().account(SparsityPattern.parse(row.pattern()));
            assertThat(account.trainRatio(dropAndGrow(), Account.PAPER, INTERVAL))
                    .as("training at %s", row.pattern())
                    .isCloseTo(row.trainRatio(), withinPercentage(5));
            assertThat(account.testRatio(dropAndGrow()))
                    .as("inference at %s", row.pattern())
                    .isCloseTo(row.testRatio(), withinPercentage(row.pattern().endsWith("@0.965") ? 10 : 5));
        });
    }

    /** 2.37x fewer training FLOPs than SR-STE, with methods.md's reading of when masks are adapted last. */
    @Test
    void bamesFactorOverSrSte() {
        PublishedCost row = PUBLISHED.of("resnet50", "imagenet", "1:16", "bame").getFirst();
        ObjectNode none = JsonNodeFactory.instance.objectNode();
        NmPattern pattern = new NmPattern(1, 16);
        double bame = question()
                .answer(SUITE.methods().get("bame", "test"), "bame", none, pattern)
                .cost()
                .paper();
        double srSte = question()
                .answer(SUITE.methods().get("sr-ste", "test"), "sr-ste", none, pattern)
                .cost()
                .paper();
        assertThat(bame).isCloseTo(row.trainRatio(), withinPercentage(0.5));
        assertThat(srSte / bame).isCloseTo(2.37, withinPercentage(0.25));
    }

    private static CostQuestion question() {
        return new CostQuestion(
                SUITE.networks().get("resnet50", "test"), DataSetShape.find("imagenet").orElseThrow(), 120, 256,
                new Optimizer.Sgd(0.9, false));
    }

    /** All products at the layer's density; a dense weight gradient every 100 steps. */
    private static LayerCosts dropAndGrow() {
        return own -> new CostModel() {
            @Override
            public CostVector at(Account account, long step) {
                double density = own.density();
                return new CostVector(density, density, step % INTERVAL == 0 ? 1 : density);
            }

            @Override
            public double deployedDensity() {
                return own.density();
            }
        };
    }
}
