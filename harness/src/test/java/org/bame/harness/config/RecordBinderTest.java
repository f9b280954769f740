package org.bame.harness.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.bame.sparsity.FanInPattern;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.SparsityPattern;
import org.junit.jupiter.api.Test;

class RecordBinderTest {

    private static final Options DEFAULTS =
            new Options(3, 0.5, true, "x", Speed.VERY_FAST, List.of(new NmPattern(1, 4)), new Inner(7));

    private final Problems problems = new Problems();

    @Test
    void keepsDefaultsOfKeysThatAreLeftOut() {
        assertThat(bind("")).contains(DEFAULTS);
        assertThat(bind("count: 5")).map(Options::count).contains(5);
    }

    @Test
    void readsEveryKindOfValue() {
        assertThat(bind(
                "{count: 9, ratio: 2, flag: false, name: 12, speed: veryFast, patterns: [2:4, '1:16', fan_in@0.9], inner: {depth: 1}}"))
                .contains(new Options(
                        9,
                        2,
                        false,
                        "12",
                        Speed.VERY_FAST,
                        List.of(new NmPattern(2, 4), new NmPattern(1, 16), new FanInPattern(0.1)),
                        new Inner(1)));
    }

    @Test
    void readsEnumsInAnySpelling() {
        for (String spelling : List.of("SLOW", "slow", "very-fast", "VERY_FAST", "veryfast")) {
            assertThat(bind("speed: " + spelling)).as(spelling).isPresent();
        }
    }

    @Test
    void notesEveryMistakeAtOnce() {
        assertThat(bind("{count: 1.5, rato: 3, flag: 1, speed: warp, patterns: [4:2, 1:4], inner: {depth: x}}"))
                .isEmpty();

        assertThat(messages())
                .containsExactly(
                        "f.yaml: got unknown key 'rato', expected one of count, ratio, flag, name, speed, patterns, inner."
                                + " Did you mean 'ratio'?",
                        "f.yaml: count: got '1.5', expected a whole number",
                        "f.yaml: flag: got '1', expected true or false",
                        "f.yaml: speed: got 'warp', expected one of slow, veryFast",
                        "f.yaml: patterns[0]: got '4:2', expected a pattern " + SparsityPattern.FORMS,
                        "f.yaml: inner.depth: got 'x', expected a whole number");
    }

    @Test
    void tellsWhatTheRecordItselfRefuses() {
        assertThat(bind("inner: {depth: -1}")).isEmpty();

        assertThat(messages()).singleElement().asString().contains("f.yaml: inner").contains("depth below 0");
    }

    @Test
    void asksForKeysWithoutDefault() {
        assertThat(new RecordBinder(problems).bind(YamlText.mapping("{}", "f.yaml"), Inner.class, null, "f.yaml"))
                .isEmpty();

        assertThat(messages()).containsExactly("f.yaml: got no key 'depth', expected a whole number");
    }

    @Test
    void keysOfAVariantStandBesideItsName() {
        assertThat(car("{name: a}")).contains(new Car("a", new Petrol(7)));
        assertThat(car("{name: a, litres: 9}")).contains(new Car("a", new Petrol(9)));
        assertThat(car("{engine: electric, name: a}")).contains(new Car("a", new Electric(50, true)));
        assertThat(car("{engine: Electric, fast: false}")).contains(new Car("x", new Electric(50, false)));
        assertThat(messages()).isEmpty();
    }

    @Test
    void keysOfOtherVariantsAreMistakesWithARemedy() {
        assertThat(car("{name: a, volts: 9, litres: x, lites: 1}")).isEmpty();

        assertThat(messages())
                .containsExactly(
                        "f.yaml: volts: got a key of engine electric, expected keys of engine petrol: litres. Add engine:"
                                + " electric, or leave the key out.",
                        "f.yaml: got unknown key 'lites', expected one of name, engine, litres, volts. Did you mean 'litres'?",
                        "f.yaml: litres: got 'x', expected a whole number");
    }

    @Test
    void aVariantNobodyKnowsIsOneMistake() {
        assertThat(car("{engine: steam, volts: 9}")).isEmpty();

        assertThat(messages()).containsExactly("f.yaml: engine: got 'steam', expected one of petrol, electric");
    }

    @Test
    void aVariantWithoutDefaultsAsksForItsKeys() {
        Car electric = new Car("x", new Electric(1, true));
        assertThat(new RecordBinder(problems)
                .bind(YamlText.mapping("{engine: petrol}", "f.yaml"), Car.class, electric, "f.yaml"))
                .isEmpty();
        assertThat(new RecordBinder(problems).bind(YamlText.mapping("{name: a}", "f.yaml"), Car.class, null, "f.yaml"))
                .isEmpty();

        assertThat(messages())
                .containsExactly(
                        "f.yaml: got no key 'litres', expected a whole number",
                        "f.yaml: got no key 'engine', expected one of petrol, electric");
    }

    /** A sealed interface of records that is written as a text. */
    @Test
    void aPatternIsNoChoiceOfVariants() {
        Problems mistakes = new Problems();
        assertThat(new RecordBinder(mistakes)
                .bind(YamlText.mapping("{pattern: 2:4}", "f.yaml"), Sparse.class, null, "f.yaml"))
                .contains(new Sparse(new NmPattern(2, 4)));
        mistakes.throwIfAny();
    }

    private Optional<Car> car(String yaml) {
        return new RecordBinder(problems)
                .bind(YamlText.mapping(yaml, "f.yaml"), Car.class, new Car("x", new Petrol(7)), "f.yaml");
    }

    private Optional<Options> bind(String yaml) {
        String text = yaml.isEmpty() ? "{}" : yaml;
        return new RecordBinder(problems).bind(YamlText.mapping(text, "f.yaml"), Options.class, DEFAULTS, "f.yaml");
    }

    private List<String> messages() {
        try {
            problems.throwIfAny();
            return List.of();
        } catch (ConfigurationException e) {
            return e.problems().stream().map(Problem::toString).toList();
        }
    }

    private enum Speed {
        SLOW,
        VERY_FAST
    }

    private sealed interface Engine {}

    private record Petrol(int litres) implements Engine {}

    private record Electric(int volts, boolean fast) implements Engine {
        Electric() {
            this(50, true);
        }
    }

    private record Car(String name, Engine engine) {}

    private record Sparse(SparsityPattern pattern) {}

    private record Inner(int depth) {
        Inner {
            if (depth < 0) {
                throw new IllegalArgumentException("depth below 0");
            }
        }
    }

    private record Options(
            int count, double ratio, boolean flag, String name, Speed speed, List<SparsityPattern> patterns,
            Inner inner) {}
}
