package dev.vibe.runner.adapter.process;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The functions of the C library that Java has no words for. All are called with six machine words and one word back, which
 * the calling conventions of Linux on x86-64 and AArch64 allow: one shape instead of one for each saves most of what the first
 * call through {@code java.lang.foreign} costs (measured: 160 ms for four shapes, 60 for one).
 *
 * <p>Safe for use by many threads.
 */
public final class LibC {
    private static final FunctionDescriptor WORDS =
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final int PR_GET_DUMPABLE = 3;
    private static final int PR_SET_DUMPABLE = 4;
    private static final int MAX_WORDS = 6;

    private final SymbolLookup symbols;
    private final MethodHandle anyFunction;
    private final Map<String, MemorySegment> functions = new ConcurrentHashMap<>();

    /**
     * Binds the C library.
     *
     * @throws UnsupportedOperationException where Java cannot call native functions
     * @throws IllegalCallerException where native access is denied to this module
     */
    @SuppressWarnings("restricted") // the launcher allows it: --enable-native-access
    public LibC() {
        Linker linker = Linker.nativeLinker();
        symbols = linker.defaultLookup();
        anyFunction = linker.downcallHandle(WORDS);
    }

    /**
     * Overwrites a variable's value where it lies, which is also what {@code /proc/PID/environ} shows, and removes it from
     * what processes inherit. Java's own copy of the environment stays.
     */
    public void forget(String variable) {
        try (Arena arena = Arena.ofConfined()) {
            long name = arena.allocateFrom(variable).address();
            long value = call("getenv", name);
            if (value != 0) {
                long _ = call("memset", value, '*', call("strlen", value));
                long _ = call("unsetenv", name);
            }
        }
    }

    /** Whether other processes of this user may now no longer look into this one, and no core is dumped. */
    public boolean hide() {
        long _ = call("prctl", PR_SET_DUMPABLE, 0);
        return callForInt("prctl", PR_GET_DUMPABLE, 0) == 0;
    }

    boolean has(String function) {
        return symbols.find(function).isPresent();
    }

    /** What a process inherits, each entry as {@code NAME=value} in the bytes it came in. */
    @SuppressWarnings("restricted")
    List<byte[]> environment() {
        List<byte[]> entries = new ArrayList<>();
        long first = function("environ").reinterpret(JAVA_LONG.byteSize()).get(JAVA_LONG, 0);
        if (first != 0) {
            MemorySegment variables = MemorySegment.ofAddress(first).reinterpret(Long.MAX_VALUE);
            for (long i = 0; variables.getAtIndex(JAVA_LONG, i) != 0; i++) {
                entries.add(bytesAt(variables.getAtIndex(JAVA_LONG, i)));
            }
        }
        return entries;
    }

    /** What an error number means, in the words of the system. */
    String describe(int errno) {
        return new String(bytesAt(call("strerror", errno)), StandardCharsets.UTF_8);
    }

    /** {@link #call} for a function that returns an {@code int}, of which only half a word is defined. */
    int callForInt(String function, long... words) {
        return (int) call(function, words);
    }

    /**
     * Calls it; blocks as long as it does.
     *
     * @param words six at most: numbers, and addresses of memory that stays allocated meanwhile
     * @throws java.util.NoSuchElementException where the library has no such function
     */
    long call(String function, long... words) {
        long[] w = Arrays.copyOf(words, MAX_WORDS);
        try {
            return (long) anyFunction.invokeExact(function(function), w[0], w[1], w[2], w[3], w[4], w[5]);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private MemorySegment function(String name) {
        return functions.computeIfAbsent(name, missing -> symbols.find(missing).orElseThrow());
    }

    @SuppressWarnings("restricted")
    private byte[] bytesAt(long address) {
        return MemorySegment.ofAddress(address)
                .reinterpret(call("strlen", address))
                .toArray(JAVA_BYTE);
    }
}
