package org.bame.layer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Memory for the gradients that flow between vertices. A vertex takes one for each input, and releases the one it was
 * given once it has read it; so few tensors are in flight, and they stay in the caches.
 */
final class GradientPool {
    private final KernelSession session;
    private final Map<BlockExtents, ArrayDeque<BlockArray>> free = new HashMap<>();
    private final Set<BlockArray> taken = Collections.newSetFromMap(new IdentityHashMap<>());

    GradientPool(KernelSession session) {
        this.session = session;
    }

    /** A tensor of these extents, contents arbitrary. */
    BlockArray take(BlockExtents extents) {
        ArrayDeque<BlockArray> candidates = free.get(extents);
        BlockArray array = candidates == null ? null : candidates.pollLast();
        if (array == null) {
            array = BlockArray.allocate(session, extents);
        }
        taken.add(array);
        return array;
    }

    /** Gives a tensor back; one that is not of this pool, or was given back before, is left alone. */
    void release(BlockArray array) {
        if (taken.remove(array)) {
            free.computeIfAbsent(array.extents(), e -> new ArrayDeque<>()).addLast(array);
        }
    }

    /** Takes back whatever is in flight: called before a training forward pass, when no gradient is alive. */
    void reclaimAll() {
        if (taken.isEmpty()) {
            return;
        }
        List<BlockArray> stray = new ArrayList<>(taken);
        // Identity sets have no order; a fixed one keeps memory use, and so timings, repeatable.
        stray.sort((a, b) -> Long.compare(a.storage().address(), b.storage().address()));
        stray.forEach(this::release);
    }

    /** Tensors of this pool, in flight or free. */
    int size() {
        return taken.size() + free.values().stream().mapToInt(ArrayDeque::size).sum();
    }
}
