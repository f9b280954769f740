package org.bame.harness.report.plot;

import org.jfree.chart.JFreeChart;

/** What can be drawn. */
public sealed interface Plot permits XyPlot, BarPlot {

    /** Of every plot: a page shows two or three beside each other, a phone one at nearly its size. */
    int WIDTH = 480;

    /** What it shows. */
    String title();

    /** Pixels of the drawing. */
    int height();

    /** The drawing. */
    JFreeChart chart();
}
