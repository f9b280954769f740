package org.bame.layer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * What a vertex keeps for a batch layout: kernels, output memory. A run has a few layouts (training batch, last batch,
 * evaluation batch and its last); the least recently used is dropped beyond {@value #CAPACITY}.
 *
 * @param <T> what is kept
 */
final class LayoutCache<T> {
    private static final int CAPACITY = 4;

    private final Map<BlockExtents, T> entries = new LinkedHashMap<>(8, 0.75f, true);
    private BlockExtents lastExtents;
    private T last;

    T get(BlockExtents extents, Function<BlockExtents, T> make) {
        if (extents.equals(lastExtents)) {
            return last;
        }
        T entry = entries.get(extents);
        if (entry == null) {
            entry = make.apply(extents);
            entries.put(extents, entry);
            if (entries.size() > CAPACITY) {
                entries.remove(entries.keySet().iterator().next());
            }
        }
        lastExtents = extents;
        last = entry;
        return entry;
    }

    void clear() {
        entries.clear();
        lastExtents = null;
        last = null;
    }
}
