/** Plots drawn by JFreeChart and written as SVG by Batik, with letters that stay letters. */
package org.bame.harness.report.plot;
