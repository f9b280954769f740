package org.bame.harness.report.plot;

import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.CategoryLabelPosition;
import org.jfree.chart.axis.CategoryLabelPositions;
import org.jfree.chart.axis.CategoryLabelWidthType;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StackedBarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.text.TextBlockAnchor;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.category.DefaultCategoryDataset;

/**
 * Horizontal bars, whose names have room at the left.
 *
 * @param title what it shows
 * @param valueLabel what was measured, with its unit
 * @param layout of the series
 * @param categories names of the bars, from the top; each once
 * @param series at least one
 */
public record BarPlot(
        String title, String valueLabel, Layout layout, List<String> categories, List<Series> series) implements Plot {

    private static final int FRAME = 96;
    private static final int LEGEND_LINE = 17;
    private static final int LEGEND_ITEMS_A_LINE = 4;
    private static final int STACK = 21;
    private static final int BAR = 9;
    private static final int GAP = 9;
    /** Of the width, for names. */
    private static final float NAMES = 0.6f;

    /** How the bars of one category lie. */
    public enum Layout {
        /** One behind the other: parts of a whole. */
        STACKED,
        /** One below the other. */
        GROUPED
    }

    /**
     * One bar or part of a bar in each category.
     *
     * @param name in the legend
     * @param values one a category, not negative; NaN for none
     */
    public record Series(String name, List<Double> values) {}

    @Override
    public int height() {
        int each = layout == Layout.STACKED ? STACK : BAR * series.size() + GAP;
        int legend = series.size() == 1 ? 0 : LEGEND_LINE * Math.ceilDiv(series.size(), LEGEND_ITEMS_A_LINE);
        return FRAME + legend + each * categories.size();
    }

    @Override
    public JFreeChart chart() {
        CategoryAxis names = new CategoryAxis();
        PlotStyle.style(names);
        names.setMaximumCategoryLabelLines(1);
        names.setCategoryLabelPositions(CategoryLabelPositions.replaceLeftPosition(
                names.getCategoryLabelPositions(),
                new CategoryLabelPosition(
                        RectangleAnchor.RIGHT,
                        TextBlockAnchor.CENTER_RIGHT,
                        TextAnchor.CENTER_RIGHT,
                        0,
                        CategoryLabelWidthType.RANGE,
                        NAMES)));
        names.setCategoryMargin(0.25);
        names.setLowerMargin(0.01);
        names.setUpperMargin(0.01);
        CategoryPlot plot = new CategoryPlot(data(), names, PlotStyle.numbers(valueLabel), renderer());
        plot.setOrientation(PlotOrientation.HORIZONTAL);
        plot.setRangeAxisLocation(AxisLocation.BOTTOM_OR_LEFT);
        plot.setRangeGridlinePaint(PlotStyle.FAINT);
        return PlotStyle.chart(title, plot, series.size() > 1);
    }

    private DefaultCategoryDataset data() {
        DefaultCategoryDataset data = new DefaultCategoryDataset();
        for (Series one : series) {
            for (int i = 0; i < categories.size(); i++) {
                Double value = one.values().get(i);
                data.addValue(value.isNaN() ? null : value, one.name(), categories.get(i));
            }
        }
        return data;
    }

    private BarRenderer renderer() {
        BarRenderer renderer = layout == Layout.STACKED ? new StackedBarRenderer() : new BarRenderer();
        renderer.setBarPainter(new StandardBarPainter());
        renderer.setShadowVisible(false);
        renderer.setItemMargin(0);
        renderer.setMaximumBarWidth(0.2);
        for (int i = 0; i < series.size(); i++) {
            renderer.setSeriesPaint(i, PlotStyle.color(i));
        }
        return renderer;
    }
}
