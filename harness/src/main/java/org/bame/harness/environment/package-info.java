/** The machine and build that results were obtained with. */
package org.bame.harness.environment;
