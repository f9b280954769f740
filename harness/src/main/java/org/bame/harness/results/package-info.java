/**
 * The CSV files that runs write: their columns, and rows appended so that a kill or a second process damages nothing.
 */
package org.bame.harness.results;
