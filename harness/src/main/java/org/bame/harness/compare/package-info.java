/** Compares results: of two builds or machines, or of methods within one folder. It reads files of any version and writes none. */
package org.bame.harness.compare;
