/** Data sets and the way from their files to minibatches: reading, augmentation, prefetching. */
package org.bame.datasets;
