package org.bame.harness.cli;

/** How a table is written. */
enum TableStyle {
    /** For the console: columns padded to one width. */
    TEXT,
    /** For a README: GitHub's tables. */
    MARKDOWN
}
