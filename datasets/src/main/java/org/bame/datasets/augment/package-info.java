/** What is done to the pixels of training images behind cropping and mirroring. */
package org.bame.datasets.augment;
