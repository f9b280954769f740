package org.bame.harness.results;

/**
 * A row of what {@code ./bame compare --csv FILE} writes: one measure of one thing, old and new.
 *
 * @param file that it stands in
 * @param subject what was measured
 * @param measure column of that file
 * @param count pairs that were compared, or values of the smaller side where they do not make pairs
 * @param before mean of the old
 * @param after mean of the new
 * @param change of it
 * @param changeLow lower end of the change's interval; NaN where the measurements do not give one
 * @param changeHigh upper end
 * @param changeUnit {@code points} or {@code %}
 * @param verdict {@code better}, {@code worse}, {@code equal} or {@code inconclusive}
 * @param reason for it where it is not the interval alone
 */
public record ComparisonRow(
        String file,
        String subject,
        String measure,
        int count,
        double before,
        double after,
        double change,
        double changeLow,
        double changeHigh,
        String changeUnit,
        String verdict,
        String reason) {

    /** The file's columns. */
    public static final CsvTable<ComparisonRow> TABLE = CsvTable.<ComparisonRow>of("comparison.csv")
            .keyColumn("file", ComparisonRow::file)
            .keyColumn("subject", ComparisonRow::subject)
            .keyColumn("measure", ComparisonRow::measure)
            .column("count", ComparisonRow::count)
            .column("before", ComparisonRow::before)
            .column("after", ComparisonRow::after)
            .column("change", ComparisonRow::change)
            .column("change_low", ComparisonRow::changeLow)
            .column("change_high", ComparisonRow::changeHigh)
            .column("change_unit", ComparisonRow::changeUnit)
            .column("verdict", ComparisonRow::verdict)
            .column("reason", ComparisonRow::reason);
}
