package org.bame.harness.config;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The fields of a line of text, read from left to right. Mistakes quote the line. */
public final class LineFields {

    private final String line;
    private final List<String> fields;
    private int position;

    /**
     * @param line to read
     * @param separator between two fields
     */
    public LineFields(String line, String separator) {
        this.line = line;
        this.fields = List.of(line.split(Pattern.quote(separator), -1));
    }

    /** Whether there is another field. */
    public boolean hasNext() {
        return position < fields.size();
    }

    /** The next field. */
    public String text() {
        if (!hasNext()) {
            throw bad("another field");
        }
        return fields.get(position++);
    }

    /** The next field, a whole number. */
    public int integer() {
        String text = text();
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw bad("a whole number");
        }
    }

    /** The next field, a number. */
    public double number() {
        String text = text();
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw bad("a number");
        }
    }

    /** The next field, a constant by its name in any case. */
    public <E extends Enum<E>> E constant(Class<E> type) {
        String text = text();
        try {
            return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw bad("one of " + List.of(type.getEnumConstants()));
        }
    }

    /** Requires that nothing is left. */
    public void end() {
        if (hasNext()) {
            position++;
            throw bad("no more fields");
        }
    }

    /** A mistake in the field read last. */
    public IllegalArgumentException bad(String expected) {
        return new IllegalArgumentException("Got '" + line + "', expected " + expected + " as field " + position);
    }
}
