/** Trains networks by the methods, measures what that cost, and reports it: everything behind the command line. */
package org.bame.harness;
