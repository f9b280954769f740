/** Training runs: the loop, its checkpoints, and the rows it writes. */
package org.bame.harness.run;
