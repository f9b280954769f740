package org.bame.harness.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** How numbers stand in tables; a dash is one that was not measured. */
final class NumberText {

    private static final String NOT_KNOWN = "-";
    private static final MathContext DIGITS = new MathContext(4);

    private NumberText() {}

    /** At most four digits, or all of those before the point. */
    static String of(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return NOT_KNOWN;
        }
        BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
        return rounded.scale() <= 0 ? fixed(value, 0) : rounded.toPlainString();
    }

    /** With so many digits behind the point. */
    static String fixed(double value, int digits) {
        return Double.isNaN(value) ? NOT_KNOWN : String.format(Locale.ROOT, "%,." + digits + "f", value);
    }

    /** {@code 2.37x}. */
    static String times(double factor) {
        return Double.isNaN(factor) ? NOT_KNOWN : fixed(factor, 2) + "x";
    }

    /** {@code 1 seed}, {@code 3 seeds}. */
    static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
