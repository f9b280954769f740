/** How long, with which optimizer, schedule and augmentation a network is trained. */
package org.bame.harness.recipes;
