package org.bame.harness.report.plot;

import java.awt.Color;
import java.awt.Dimension;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGGraphics2DIOException;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.text.TextUtils;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Draws plots as SVG: letters as text, which is a fifth of their outlines, can be searched, and is read aloud. */
public final class Svg {

    private static final String NAMESPACE = "http://www.w3.org/2000/svg";
    private static final String ROOT = "<svg";
    private static final List<String> REDUNDANT = List.of("clip-path", "xml:space", "text-rendering");
    /** Of coordinates, behind the point. */
    private static final int DIGITS = 1;

    static {
        // The workaround for old JDKs draws upright labels as outlines.
        TextUtils.setUseDrawRotatedStringWorkaround(false);
    }

    private Svg() {}

    /** Writes a file of its own, on white; an existing one is replaced. */
    public static void write(Plot plot, Path file) throws IOException {
        JFreeChart chart = plot.chart();
        chart.setBackgroundPaint(Color.WHITE);
        Files.writeString(file, draw(plot, chart, "plot", plot.title()));
    }

    /**
     * An element for an HTML page, with nothing behind it.
     *
     * @param id in the page, of no other element
     * @param description for whoever cannot see it
     */
    public static String inline(Plot plot, String id, String description) {
        String file = draw(plot, plot.chart(), id, description);
        return file.substring(file.indexOf(ROOT));
    }

    private static String draw(Plot plot, JFreeChart chart, String id, String description) {
        Document document = document();
        SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
        context.setPrecision(DIGITS);
        context.setComment(null);
        SVGGraphics2D graphics = new SVGGraphics2D(context, false);
        graphics.setSVGCanvasSize(new Dimension(Plot.WIDTH, plot.height()));
        chart.draw(graphics, new Rectangle2D.Double(0, 0, Plot.WIDTH, plot.height()));
        Element root = graphics.getRoot();
        dropClips(root);
        root.setAttribute("viewBox", "0 0 " + Plot.WIDTH + " " + plot.height());
        root.setAttribute("role", "img");
        root.setAttribute("aria-labelledby", id + "-title " + id + "-desc");
        root.insertBefore(text(document, "desc", id + "-desc", description), root.getFirstChild());
        root.insertBefore(text(document, "title", id + "-title", plot.title()), root.getFirstChild());
        StringWriter svg = new StringWriter();
        try {
            graphics.stream(root, svg);
        } catch (SVGGraphics2DIOException e) {
            throw new IllegalStateException("Writing into memory failed", e);
        }
        return svg.toString();
    }

    private static Element text(Document document, String name, String id, String text) {
        Element element = document.createElementNS(NAMESPACE, name);
        element.setAttribute("id", id);
        element.setTextContent(text);
        return element;
    }

    private static Document document() {
        try {
            return DocumentBuilderFactory.newDefaultNSInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation()
                    .createDocument(NAMESPACE, "svg", null);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("The JDK's own XML parser is broken", e);
        }
    }

    /**
     * Nothing lies outside of what plots are clipped to; without, the drawing is two thirds as large, and has no definitions
     * whose names another drawing in the page could have.
     */
    private static void dropClips(Element root) {
        NodeList elements = root.getElementsByTagName("*");
        for (int i = elements.getLength() - 1; i >= 0; i--) {
            Element element = (Element) elements.item(i);
            REDUNDANT.forEach(element::removeAttribute);
            if (element.getTagName().equals("defs")) {
                element.getParentNode().removeChild(element);
            }
        }
    }
}
