package org.bame.harness.report;

import java.awt.Color;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * Lines through measured points, drawn by XChart and written as SVG by Batik.
 *
 * @param title above the plot
 * @param xLabel what is varied, with its unit
 * @param yLabel what was measured, with its unit
 * @param series at least one, each of at least one point
 */
public record LinePlot(String title, String xLabel, String yLabel, List<Series> series) {

    private static final String SVG_NAMESPACE = "http://www.w3.org/2000/svg";
    private static final int WIDTH = 720;
    private static final int HEIGHT = 440;
    /** Of coordinates, behind the point. */
    private static final int DIGITS = 1;

    /**
     * One line.
     *
     * @param name in the legend
     * @param x positions, in the order of the line
     * @param y as many values
     */
    public record Series(String name, List<Double> x, List<Double> y) {}

    /** Writes the plot; an existing file is replaced. */
    public void write(Path file) throws IOException {
        Document document = document();
        SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
        context.setPrecision(DIGITS);
        SVGGraphics2D graphics = new SVGGraphics2D(context, false);
        chart().paint(graphics, WIDTH, HEIGHT);
        Element root = graphics.getRoot();
        // XChart draws letters as outlines; this one is for whoever cannot see them.
        Element hidden = document.createElementNS(SVG_NAMESPACE, "title");
        hidden.setTextContent(title);
        root.insertBefore(hidden, root.getFirstChild());
        try (Writer writer = Files.newBufferedWriter(file)) {
            graphics.stream(root, writer);
        }
    }

    private XYChart chart() {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(xLabel)
                .yAxisTitle(yLabel)
                .build();
        chart.getStyler()
                .setYAxisMin(0.0)
                .setXAxisMin(0.0)
                .setLegendPosition(LegendPosition.OutsideE)
                .setChartBackgroundColor(Color.WHITE)
                .setLegendBorderColor(Color.WHITE);
        series.forEach(line -> chart.addSeries(line.name(), line.x(), line.y()));
        return chart;
    }

    private static Document document() {
        try {
            return DocumentBuilderFactory.newDefaultNSInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation()
                    .createDocument(SVG_NAMESPACE, "svg", null);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("The JDK's own XML parser is broken", e);
        }
    }
}
