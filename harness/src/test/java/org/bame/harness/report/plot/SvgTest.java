package org.bame.harness.report.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.bame.harness.report.plot.BarPlot.Layout;
import org.bame.harness.report.plot.XyPlot.Point;
import org.bame.harness.report.plot.XyPlot.Role;
import org.bame.harness.report.plot.XyPlot.Series;
import org.bame.harness.statistics.Interval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class SvgTest {

    private static final String FIRST = "rgb(0,114,178)";

    @TempDir
    private Path folder;

    @Test
    void lettersStayLetters() throws Exception {
        Document svg = parse(Svg.inline(points(Optional.empty()), "f1", "what is seen"));

        assertThat(texts(svg)).contains("a plot", "x, seconds", "y, %", "sr-ste <1:4>", "dense");
        assertThat(svg.getElementsByTagName("title").item(0).getTextContent()).isEqualTo("a plot");
        assertThat(svg.getElementsByTagName("desc").item(0).getTextContent()).isEqualTo("what is seen");
        assertThat(svg.getDocumentElement().getAttribute("aria-labelledby")).isEqualTo("f1-title f1-desc");
        assertThat(svg.getDocumentElement().getAttribute("viewBox")).startsWith("0 0 480 ");
    }

    @Test
    void intervalsAreDrawnWhereThereAreAny() throws Exception {
        Document without = parse(Svg.inline(points(Optional.empty()), "f", ""));
        Document with = parse(Svg.inline(points(Optional.of(new Interval(50, 90))), "f", ""));

        assertThat(painted(without, "line", "stroke")).isEmpty();
        // The bar and its two ends.
        assertThat(painted(with, "line", "stroke")).hasSize(3);
    }

    @Test
    void barsAreAsLongAsTheirValues() throws Exception {
        BarPlot plot = new BarPlot(
                "bars", "ms", Layout.STACKED, List.of("one", "two", "none"), List.of(
                        new BarPlot.Series("forward", List.of(10.0, 20.0, Double.NaN)),
                        new BarPlot.Series("backward", List.of(5.0, 5.0, Double.NaN))));
        Document svg = parse(Svg.inline(plot, "f", ""));
        List<Double> widths = painted(svg, "rect", "fill").stream()
                .map(one -> Double.parseDouble(one.getAttribute("width")))
                // The other is in the legend.
                .filter(width -> width > 20)
                .toList();

        assertThat(widths).hasSize(2);
        assertThat(widths.get(1) / widths.get(0)).isBetween(1.98, 2.02);
        assertThat(texts(svg)).contains("one", "two", "none", "forward", "backward");
    }

    @Test
    void aFileOfItsOwnIsWhiteAndWhole() throws Exception {
        Path file = folder.resolve("plot.svg");
        Svg.write(points(Optional.empty()), file);

        String svg = Files.readString(file);
        assertThat(svg).startsWith("<?xml").contains("fill=\"white\"");
        assertThat(parse(svg.substring(svg.indexOf("<svg"))).getDocumentElement().getTagName()).isEqualTo("svg");
    }

    private static XyPlot points(Optional<Interval> interval) {
        return new XyPlot("a plot", "x, seconds", "y, %", false, List.of(
                new Series("dense", Role.REFERENCE, false, List.of(new Point(1, 80))),
                new Series("sr-ste <1:4>", Role.COMPARED, false, List.of(new Point(2, 70, "", interval)))));
    }

    private static List<String> texts(Document svg) {
        NodeList texts = svg.getElementsByTagName("text");
        return IntStream.range(0, texts.getLength())
                .mapToObj(i -> texts.item(i).getTextContent())
                .toList();
    }

    /** Elements in the colour of the first series that is compared, theirs or their group's. */
    private static List<Element> painted(Document svg, String name, String paint) {
        NodeList elements = svg.getElementsByTagName(name);
        return IntStream.range(0, elements.getLength())
                .mapToObj(i -> (Element) elements.item(i))
                .filter(one -> FIRST.equals(
                        one.hasAttribute(paint) ? one.getAttribute(paint)
                                : ((Element) one.getParentNode()).getAttribute(paint)))
                .toList();
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newDefaultNSInstance().newDocumentBuilder().parse(
                new InputSource(new StringReader(svg)));
    }
}
