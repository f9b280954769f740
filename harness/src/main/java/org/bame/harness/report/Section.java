package org.bame.harness.report;

import java.util.List;

/** One subject of the page. */
interface Section {

    /** In links within the page: letters and dashes. */
    String id();

    /** Its heading. */
    String title();

    /** What is to be seen, in a sentence or two. */
    String introduction();

    /** What is shown; nothing if there are no data, and the section is left out. */
    List<Block> blocks(ReportData data);
}
