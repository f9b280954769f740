package org.bame.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.BitSet;

/**
 * On which processors threads run, as the C library of Linux tells and sets it ({@code sched_setaffinity(2)}). On other
 * systems nothing is known and nothing can be set.
 */
final class Processors {
    /** No processor, or none known. */
    static final int UNKNOWN = -1;

    /** Bytes of the library's {@code cpu_set_t}: 1,024 processors. */
    private static final int SET_BYTES = 128;

    // Constants, so that the compiler calls the functions directly.
    private static final MethodHandle CURRENT =
            function("sched_getcpu", FunctionDescriptor.of(JAVA_INT), Linker.Option.critical(false));
    private static final MethodHandle THREAD = function("gettid", FunctionDescriptor.of(JAVA_INT));
    private static final MethodHandle GET =
            function("sched_getaffinity", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));
    private static final MethodHandle SET =
            function("sched_setaffinity", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));
    private static final boolean SUPPORTED = CURRENT != null && THREAD != null && GET != null && SET != null;

    private Processors() {}

    /** The processor that the calling thread is on; {@link #UNKNOWN} if the system does not tell. */
    static int current() {
        if (!SUPPORTED) {
            return UNKNOWN;
        }
        try {
            return (int) CURRENT.invokeExact();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** The system's number of the calling thread; {@link #UNKNOWN} if it does not tell. */
    static int thread() {
        if (!SUPPORTED) {
            return UNKNOWN;
        }
        try {
            return (int) THREAD.invokeExact();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** The processors that a thread may use, in rising order; none if the system does not tell. */
    static int[] allowed(int thread) {
        if (!SUPPORTED) {
            return new int[0];
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment set = arena.allocate(SET_BYTES);
            if ((int) GET.invokeExact(thread, (long) SET_BYTES, set) < 0) {
                return new int[0];
            }
            return BitSet.valueOf(set.toArray(ValueLayout.JAVA_BYTE)).stream().toArray();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** A set of processors, to be bound to. */
    static MemorySegment set(int... processors) {
        BitSet bits = new BitSet();
        Arrays.stream(processors).forEach(bits::set);
        MemorySegment set = Arena.ofAuto().allocate(SET_BYTES);
        set.copyFrom(MemorySegment.ofArray(bits.toByteArray()));
        return set;
    }

    /**
     * Has a thread run on the processors of a set alone.
     *
     * @return whether the system did so
     */
    static boolean bind(int thread, MemorySegment set) {
        if (!SUPPORTED) {
            return false;
        }
        try {
            return (int) SET.invokeExact(thread, (long) SET_BYTES, set) == 0;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        if (!System.getProperty("os.name").equals("Linux")) {
            return null;
        }
        Linker linker = Linker.nativeLinker();
        SymbolLookup library = linker.defaultLookup();
        return library.find(name).map(at -> linker.downcallHandle(at, type, options)).orElse(null);
    }
}
