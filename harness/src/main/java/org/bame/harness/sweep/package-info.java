/** Sweep files: from YAML to runs, every mistake told at once. */
package org.bame.harness.sweep;
