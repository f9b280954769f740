package org.bame.harness.report;

import static j2html.TagCreator.a;
import static j2html.TagCreator.body;
import static j2html.TagCreator.caption;
import static j2html.TagCreator.details;
import static j2html.TagCreator.div;
import static j2html.TagCreator.document;
import static j2html.TagCreator.each;
import static j2html.TagCreator.figcaption;
import static j2html.TagCreator.figure;
import static j2html.TagCreator.h1;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.head;
import static j2html.TagCreator.header;
import static j2html.TagCreator.html;
import static j2html.TagCreator.li;
import static j2html.TagCreator.main;
import static j2html.TagCreator.meta;
import static j2html.TagCreator.nav;
import static j2html.TagCreator.p;
import static j2html.TagCreator.rawHtml;
import static j2html.TagCreator.section;
import static j2html.TagCreator.style;
import static j2html.TagCreator.summary;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.text;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.title;
import static j2html.TagCreator.tr;
import static j2html.TagCreator.ul;

import j2html.tags.DomContent;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bame.harness.config.BuiltInText;
import org.bame.harness.report.plot.Plot;
import org.bame.harness.report.plot.Svg;

/** Turns sections into one HTML page that needs nothing else: style and plots are in it, and it has no script. */
final class ReportPage {

    private static final String TITLE = "BAME report";

    private int figures;

    private ReportPage() {}

    /**
     * The page's text.
     *
     * @param notes below the title
     * @param sections with their blocks, in order
     */
    static String render(List<String> notes, Map<Section, List<Block>> sections) {
        return new ReportPage().page(notes, sections);
    }

    private String page(List<String> notes, Map<Section, List<Block>> sections) {
        return document(html(
                head(
                        meta().withCharset("utf-8"),
                        meta().withName("viewport").withContent("width=device-width, initial-scale=1"),
                        meta().withName("color-scheme").withContent("light dark"),
                        title(TITLE),
                        style(rawHtml(css()))),
                body(
                        header(h1(TITLE), each(notes, note -> p(note))),
                        nav(ul(each(sections.keySet(), one -> li(a(one.title()).withHref("#" + one.id())))))
                                .attr("aria-label", "Contents"),
                        main(each(sections.entrySet(), one -> content(one.getKey(), one.getValue())))))
                .withLang("en"));
    }

    private DomContent content(Section one, List<Block> blocks) {
        return section(h2(one.title()), p(one.introduction()), each(blocks, this::block)).withId(one.id());
    }

    private DomContent block(Block block) {
        return switch (block) {
            case Block.Heading heading -> h3(heading.text());
            case Block.Note note -> p(note.text());
            case Block.Figure one -> plots(one);
            case Block.Numbers numbers -> numbers(numbers.table());
            case Block.Folded folded -> details(summary(folded.summary()), each(folded.blocks(), this::block));
        };
    }

    private DomContent plots(Block.Figure one) {
        String id = "figure-" + ++figures;
        return figure(
                div(each(
                        IntStream.range(0, one.plots().size()).boxed().toList(),
                        i -> rawHtml(svg(one.plots().get(i), id + "-" + (i + 1), one.caption()))))
                        .withClass("plots"),
                figcaption("Figure " + figures + ". " + one.caption()),
                one.numbers().isEmpty()
                        ? text("")
                        : details(summary("Numbers of figure " + figures), each(one.numbers(), ReportPage::numbers)))
                .withId(id);
    }

    private static String svg(Plot plot, String id, String caption) {
        return Svg.inline(plot, id, caption + " The numbers stand below the plot.");
    }

    /** Wider than the window it scrolls by itself, for which it wants to be reached by the keyboard. */
    private static DomContent numbers(Table numbers) {
        return div(table(
                caption(numbers.caption()),
                thead(tr(each(
                        IntStream.range(0, numbers.header().size()).boxed().toList(),
                        i -> th(numbers.header().get(i))
                                .attr("scope", "col")
                                .withCondClass(i < numbers.names(), "name")))),
                tbody(each(numbers.rows(), row -> tr(each(
                        IntStream.range(0, row.size()).boxed().toList(), i -> cell(row.get(i), i < numbers
                                .names())))))))
                .withClass("wide")
                .withTabindex(0);
    }

    private static DomContent cell(String text, boolean name) {
        return name ? th(text).attr("scope", "row") : td(text);
    }

    private static String css() {
        return BuiltInText.read(ReportPage.class, "report.css");
    }
}
