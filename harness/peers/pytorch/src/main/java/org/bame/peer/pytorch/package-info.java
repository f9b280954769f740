/** PyTorch's library for processors, through DJL and in a process of its own, to compare with. */
package org.bame.peer.pytorch;
