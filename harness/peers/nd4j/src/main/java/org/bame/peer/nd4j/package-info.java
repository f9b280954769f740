/** ND4J's matrix product and stock Deeplearning4j, each in a process of its own, to compare with. */
package org.bame.peer.nd4j;
