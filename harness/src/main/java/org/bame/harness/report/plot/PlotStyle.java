package org.bame.harness.report.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Shape;
import java.awt.Stroke;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.Axis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.ui.HorizontalAlignment;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;

/** How all plots look: transparent, with colours that differ for the colour-blind too, and that a dark page can replace. */
final class PlotStyle {

    /** Text and axes. A page replaces exactly this colour where it is dark. */
    static final Color INK = new Color(34, 34, 34);
    /** Grid lines, and points that only show where the others lie; replaced on dark pages, too. */
    static final Color FAINT = new Color(200, 200, 200);
    /** Behind whatever is drawn. */
    static final Color CLEAR = new Color(255, 255, 255, 0);
    /** After Okabe and Ito, without yellow and black, and two more that are readable on black and on white. */
    static final List<Color> COLORS = List.of(
            new Color(0, 114, 178),
            new Color(213, 94, 0),
            new Color(0, 158, 115),
            new Color(204, 121, 167),
            new Color(230, 159, 0),
            new Color(86, 180, 233),
            new Color(148, 103, 189),
            new Color(140, 120, 60));

    static final Stroke LINE = new BasicStroke(1.8f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    static final Stroke THIN = new BasicStroke(1f);

    private static final double RADIUS = 3.5;
    private static final List<Shape> SHAPES = List.of(
            new Ellipse2D.Double(-RADIUS, -RADIUS, 2 * RADIUS, 2 * RADIUS),
            new Rectangle2D.Double(-RADIUS, -RADIUS, 2 * RADIUS, 2 * RADIUS),
            polygon(0, -4.5, 4.5, 3.5, -4.5, 3.5),
            polygon(0, -4.8, 4.8, 0, 0, 4.8, -4.8, 0),
            polygon(0, 4.5, 4.5, -3.5, -4.5, -3.5));
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 13);
    private static final Font LABEL = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    static final Font TICKS = new Font(Font.SANS_SERIF, Font.PLAIN, 11);

    private PlotStyle() {}

    /** The colour of the n-th series, from 0. */
    static Color color(int series) {
        return COLORS.get(series % COLORS.size());
    }

    /** The marker of the n-th series: its number is not that of the colours, so that pairs repeat late. */
    static Shape shape(int series) {
        return SHAPES.get(series % SHAPES.size());
    }

    /** Wraps a plot; a legend stands below. */
    static JFreeChart chart(String title, Plot plot, boolean legend) {
        plot.setBackgroundPaint(CLEAR);
        plot.setOutlineVisible(false);
        plot.setInsets(new RectangleInsets(4, 4, 4, 12));
        JFreeChart chart = new JFreeChart(title, TITLE, plot, legend);
        chart.setBackgroundPaint(CLEAR);
        chart.getTitle().setPaint(INK);
        chart.getTitle().setHorizontalAlignment(HorizontalAlignment.LEFT);
        chart.getTitle().setPadding(new RectangleInsets(2, 8, 4, 0));
        if (legend) {
            LegendTitle below = chart.getLegend();
            below.setPosition(RectangleEdge.BOTTOM);
            below.setItemPaint(INK);
            below.setItemFont(TICKS);
            below.setBackgroundPaint(CLEAR);
            below.setFrame(BlockBorder.NONE);
        }
        return chart;
    }

    /** An axis of numbers. */
    static NumberAxis numbers(String label) {
        NumberAxis axis = new NumberAxis(label);
        style(axis);
        axis.setUpperMargin(0.08);
        return axis;
    }

    static void style(Axis axis) {
        axis.setLabelFont(LABEL);
        axis.setLabelPaint(INK);
        axis.setTickLabelFont(TICKS);
        axis.setTickLabelPaint(INK);
        axis.setAxisLinePaint(INK);
        axis.setTickMarkPaint(INK);
    }

    private static Shape polygon(double... xy) {
        Path2D path = new Path2D.Double();
        path.moveTo(xy[0], xy[1]);
        for (int i = 2; i < xy.length; i += 2) {
            path.lineTo(xy[i], xy[i + 1]);
        }
        path.closePath();
        return path;
    }
}
