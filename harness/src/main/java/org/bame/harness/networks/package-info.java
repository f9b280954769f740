/**
 * Networks, each described once: from the description follow the FLOPs table, the parameter count and the trainable
 * graph.
 */
package org.bame.harness.networks;
