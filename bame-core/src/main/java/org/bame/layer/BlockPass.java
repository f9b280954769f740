package org.bame.layer;

import org.bame.kernel.Storage;

/**
 * A step of a network without parameters, from one block tensor to another, for one batch layout.
 *
 * @param forward from x to y
 * @param backward from the gradient of the latest y to that of x
 */
record BlockPass(Step forward, Step backward) {
    /** One direction: reads all of one tensor, overwrites all of another. */
    interface Step {
        void run(Storage from, Storage to);
    }
}
