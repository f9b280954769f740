package org.bame.harness.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Optional;
import java.util.OptionalDouble;
import org.bame.harness.Suite;
import org.bame.harness.config.PatternText;
import org.bame.harness.config.Problems;
import org.bame.harness.flops.CostQuestion;
import org.bame.harness.flops.DataSetShape;
import org.bame.harness.flops.PublishedCost;
import org.bame.harness.networks.NetworkFactory;
import org.bame.harness.recipes.Recipe;
import org.bame.method.MethodFactory;
import org.bame.sparsity.SparsityPattern;

/** What this suite counts, by arithmetic, where papers publish a training cost. */
final class CountedCosts {

    private static final String WHERE = "results/reference.csv";

    private final Suite suite;

    CountedCosts(Suite suite) {
        this.suite = suite;
    }

    /**
     * The training ratio of the method with its defaults in the account {@code paper}, by the data set's usual recipe; empty if
     * the suite does not have the network, the data set, the method or the pattern.
     */
    OptionalDouble paperRatio(PublishedCost published) {
        Problems unknown = new Problems();
        Optional<NetworkFactory> network = suite.networks().find(published.network(), WHERE, unknown);
        Optional<DataSetShape> dataSet = DataSetShape.find(published.dataSet());
        Optional<MethodFactory<?>> method = suite.methods().find(published.method(), WHERE, unknown);
        Optional<SparsityPattern> pattern = PatternText.read(published.pattern(), WHERE, unknown);
        if (network.isEmpty() || dataSet.isEmpty() || pattern.isEmpty()
                || method.filter(one -> one.supports(pattern.get())).isEmpty()) {
            return OptionalDouble.empty();
        }
        Recipe recipe = suite.recipes().get(dataSet.get().recipe(), WHERE).recipe();
        CostQuestion question = new CostQuestion(
                network.get(), dataSet.get(), recipe.epochs(), recipe.batch(), recipe.optimizer());
        return OptionalDouble.of(question.answer(
                method.get(), published.method(), JsonNodeFactory.instance.objectNode(), pattern.get()).cost().paper());
    }
}
