package org.bame.method.bame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bame.RecordChange;
import org.bame.method.MethodContext;
import org.bame.sparsity.NmPattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BameMethodFactoryTest {
    private final BameMethodFactory factory = new BameMethodFactory();

    @Test
    void defaultsAreSoundForRealRunsAndDensePatterns() {
        assertThat(problems(factory.defaults(), 60_000, "1:16")).isEmpty();
        assertThat(problems(factory.defaults(), 60_000, "4:4")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "initFraction, -0.1", "initFraction, 1.1", "finalFraction, 0.2", "finalFraction, 1.5", "lambda, -1",
        "lambda, NaN",
        "rho0, 0", "rho0, 1.5", "mu, 1", "tau, -1", "phi, 0", "gamma, -2"
    })
    void namesTheKeyOfABadValue(String key, double value) {
        assertThat(problems(RecordChange.of(factory.defaults(), key, value), 60_000, "1:16"))
                .anySatisfy(problem -> assertThat(problem).startsWith(key + " is " + value).contains("expected"));
    }

    @Test
    void reportsAllProblemsAtOnce() {
        BameConfiguration bad = RecordChange.of(factory.defaults(), "interval", 0);
        bad = RecordChange.of(RecordChange.of(bad, "minCount", 0), "swapsPerBlock", 3);
        assertThat(problems(bad, 60_000, "2:4")).hasSize(3).anySatisfy(problem -> assertThat(problem)
                .contains("swapsPerBlock is 3, expected 1 to 2"));
    }

    @Test
    void shortRunsMustShortenTheInterval() {
        assertThat(problems(factory.defaults(), 200, "1:16")).singleElement().asString()
                .contains("interval is 100")
                .contains("step 67")
                .contains("step 160")
                .contains("lower interval");
        assertThat(problems(RecordChange.of(factory.defaults(), "interval", 10), 200, "1:16")).isEmpty();
        assertThat(problems(RecordChange.of(factory.defaults(), "adaptation", false), 200, "1:16")).isEmpty();
        BameConfiguration dense = RecordChange.of(factory.defaults(), "adaptation", false);
        dense = RecordChange.of(dense, "initPhase", BameConfiguration.InitPhase.DENSE);
        assertThat(problems(dense, 200, "1:16")).isEmpty();
        dense = RecordChange.of(RecordChange.of(dense, "finalFraction", 1.0), "initFraction", 1.0);
        assertThat(problems(dense, 200, "1:16")).singleElement().asString().contains("dense to its end");
        assertThat(problems(RecordChange.of(factory.defaults(), "finalFraction", 1.0 / 3), 60_000, "1:16"))
                .singleElement().asString().contains("adaptation = false");
    }

    @Test
    void anAdaptationAveragesNoMoreStepsThanThereAreSinceTheLast() {
        assertThat(problems(RecordChange.of(factory.defaults(), "gradientBatches", 100), 60_000, "1:16")).isEmpty();
        assertThat(problems(RecordChange.of(factory.defaults(), "gradientBatches", 101), 60_000, "1:16"))
                .containsExactly("gradientBatches is 101, expected 1 to interval (100)");
    }

    private List<String> problems(BameConfiguration configuration, long steps, String pattern) {
        return factory.problems(configuration, context(steps, pattern));
    }

    private static MethodContext context(long steps, String pattern) {
        return new MethodContext(NmPattern.parse(pattern), steps, 100, 0.9, 1);
    }
}
