/** oneDNN in a process of its own, to compare the kernels with. */
package org.bame.peer.onednn;
