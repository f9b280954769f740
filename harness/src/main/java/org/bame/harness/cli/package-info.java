/** The command line. */
package org.bame.harness.cli;
