package org.bame.harness.cli;

import java.util.Locale;

/** How numbers are shown to people. */
final class Text {

    private static final String NOT_KNOWN = "-";
    private static final int MINUTE = 60;
    private static final int HOUR = 3600;

    private Text() {}

    /** With so many digits behind the point; a dash if it is no number. */
    static String fixed(double value, int digits) {
        return Double.isNaN(value) ? NOT_KNOWN : String.format(Locale.ROOT, "%,." + digits + "f", value);
    }

    /** {@code 83.1 %}. */
    static String percent(double share) {
        return Double.isNaN(share) ? NOT_KNOWN : String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    /** {@code 2.37x}. */
    static String times(double factor) {
        return Double.isNaN(factor) ? NOT_KNOWN : String.format(Locale.ROOT, "%.2fx", factor);
    }

    /** {@code 1h02m}, {@code 3m07s} or {@code 12s}. */
    static String duration(double seconds) {
        if (Double.isNaN(seconds) || Double.isInfinite(seconds)) {
            return NOT_KNOWN;
        }
        long whole = Math.round(seconds);
        if (whole >= HOUR) {
            return String.format(Locale.ROOT, "%dh%02dm", whole / HOUR, whole % HOUR / MINUTE);
        }
        return whole >= MINUTE
                ? String.format(Locale.ROOT, "%dm%02ds", whole / MINUTE, whole % MINUTE)
                : whole + "s";
    }
}
