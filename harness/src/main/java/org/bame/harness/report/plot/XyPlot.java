package org.bame.harness.report.plot;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bame.harness.statistics.Interval;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.SeriesRenderingOrder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/**
 * Points, or lines through points, with intervals where there are any.
 *
 * @param title what it shows
 * @param xLabel what is varied, with its unit
 * @param yLabel what was measured, with its unit
 * @param yFromZero whether the vertical axis begins at 0; the horizontal one does
 * @param series at least one
 */
public record XyPlot(String title, String xLabel, String yLabel, boolean yFromZero, List<Series> series)
        implements
            Plot {

    private static final int BASE_HEIGHT = 300;
    private static final int LEGEND_LINE = 17;
    private static final int LEGEND_ITEMS_A_LINE = 3;
    /** Longer lines have no markers, which would hide them. */
    private static final int MOST_MARKERS = 30;

    /** What a series is for. */
    public enum Role {
        /** What the others are compared with: in the colour of the text. */
        REFERENCE,
        /** One of those compared, in a colour of its own. */
        COMPARED,
        /** Shows only where others lie: faint, and not in the legend. */
        CONTEXT
    }

    /**
     * A measured point.
     *
     * @param label written beside it; may be empty
     * @param interval of y; empty if there is only one measurement
     */
    public record Point(double x, double y, String label, Optional<Interval> interval) {

        /** A point without label and interval. */
        public Point(double x, double y) {
            this(x, y, "", Optional.empty());
        }
    }

    /**
     * Points of one thing.
     *
     * @param name in the legend
     * @param role what it is for
     * @param joined whether a line goes through the points, in their order
     * @param points at least one
     */
    public record Series(String name, Role role, boolean joined, List<Point> points) {}

    @Override
    public int height() {
        long items = series.stream().filter(one -> one.role() != Role.CONTEXT).count();
        return BASE_HEIGHT + LEGEND_LINE * (int) Math.ceilDiv(items, LEGEND_ITEMS_A_LINE);
    }

    @Override
    public JFreeChart chart() {
        NumberAxis x = PlotStyle.numbers(xLabel);
        if (allPoints().allMatch(point -> point.x() == Math.rint(point.x()))) {
            x.setStandardTickUnits(NumberAxis.createIntegerTickUnits());
        }
        NumberAxis y = PlotStyle.numbers(yLabel);
        y.setAutoRangeIncludesZero(yFromZero);
        if (yFromZero && allPoints().allMatch(point -> point.y() == 0)) {
            y.setRange(0, 1);
        }
        XYPlot plot = new XYPlot();
        plot.setDomainAxis(x);
        plot.setRangeAxis(y);
        plot.setDomainGridlinePaint(PlotStyle.FAINT);
        plot.setRangeGridlinePaint(PlotStyle.FAINT);
        // What stands first, such as the context, is drawn below the rest.
        plot.setSeriesRenderingOrder(SeriesRenderingOrder.FORWARD);
        plot.setDataset(0, points());
        plot.setRenderer(0, markers());
        plot.setDataset(1, intervals());
        plot.setRenderer(1, bars());
        return PlotStyle.chart(title, plot, true);
    }

    private Stream<Point> allPoints() {
        return series.stream().flatMap(one -> one.points().stream());
    }

    private XYSeriesCollection points() {
        XYSeriesCollection data = new XYSeriesCollection();
        for (Series one : series) {
            XYSeries line = new XYSeries(one.name(), false, true);
            one.points().forEach(point -> line.add(point.x(), point.y()));
            data.addSeries(line);
        }
        return data;
    }

    private XYLineAndShapeRenderer markers() {
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer();
        List<Color> colors = colors();
        for (int i = 0; i < series.size(); i++) {
            Series one = series.get(i);
            renderer.setSeriesPaint(i, colors.get(i));
            renderer.setSeriesStroke(i, PlotStyle.LINE);
            renderer.setSeriesShape(i, PlotStyle.shape(i));
            renderer.setSeriesLinesVisible(i, one.joined());
            renderer.setSeriesShapesVisible(i, !one.joined() || one.points().size() <= MOST_MARKERS);
            renderer.setSeriesVisibleInLegend(i, one.role() != Role.CONTEXT);
        }
        renderer.setDefaultItemLabelGenerator((data, i, item) -> series.get(i).points().get(item).label());
        renderer.setDefaultItemLabelFont(PlotStyle.TICKS);
        renderer.setDefaultItemLabelPaint(PlotStyle.INK);
        renderer.setDefaultItemLabelsVisible(true);
        return renderer;
    }

    private XYIntervalSeriesCollection intervals() {
        XYIntervalSeriesCollection data = new XYIntervalSeriesCollection();
        for (Series one : series) {
            XYIntervalSeries bars = new XYIntervalSeries(one.name());
            one.points().forEach(point -> point.interval().ifPresent(interval -> bars.add(
                    point.x(), point.x(), point.x(), point.y(), interval.low(), interval.high())));
            data.addSeries(bars);
        }
        return data;
    }

    private XYErrorRenderer bars() {
        XYErrorRenderer renderer = new XYErrorRenderer();
        renderer.setDrawXError(false);
        renderer.setDefaultShapesVisible(false);
        renderer.setDefaultSeriesVisibleInLegend(false);
        renderer.setErrorStroke(PlotStyle.THIN);
        List<Color> colors = colors();
        for (int i = 0; i < series.size(); i++) {
            renderer.setSeriesPaint(i, colors.get(i));
        }
        return renderer;
    }

    private List<Color> colors() {
        List<Color> colors = new ArrayList<>();
        int compared = 0;
        for (Series one : series) {
            colors.add(switch (one.role()) {
                case REFERENCE -> PlotStyle.INK;
                case COMPARED -> PlotStyle.color(compared++);
                case CONTEXT -> PlotStyle.FAINT;
            });
        }
        return colors;
    }
}
