/**
 * What people look at. {@link org.bame.harness.report.Report} reads results folders and makes one HTML page: each section
 * turns rows into blocks of plots, captions and tables, and {@code ReportPage} alone knows HTML.
 */
package org.bame.harness.report;
