package dev.vibe.runner.bootstrap;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * The functions of the C library that Java has no words for. All are called with five machine words and one word back, which
 * the calling conventions of Linux on x86-64 and AArch64 allow: one shape instead of four saves most of what the first call
 * through {@code java.lang.foreign} costs (measured: 160 ms, then 60).
 */
final class LibC {
    private static final FunctionDescriptor WORDS =
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final int PR_GET_DUMPABLE = 3;
    private static final int PR_SET_DUMPABLE = 4;

    private final Linker linker = Linker.nativeLinker();
    private final SymbolLookup symbols = linker.defaultLookup();

    /**
     * Overwrites a variable's value where it lies, which is also what {@code /proc/PID/environ} shows, and removes it from
     * what processes inherit. Java's own copy of the environment stays.
     */
    void forget(String variable) {
        try (Arena arena = Arena.ofConfined()) {
            long name = arena.allocateFrom(variable).address();
            long value = call("getenv", name, 0);
            if (value != 0) {
                long _ = call("memset", value, '*', call("strlen", value, 0));
                long _ = call("unsetenv", name, 0);
            }
        }
    }

    /** Whether other processes of this user may now no longer look into this one, and no core is dumped. */
    boolean hide() {
        long _ = call("prctl", PR_SET_DUMPABLE, 0);
        return (int) call("prctl", PR_GET_DUMPABLE, 0) == 0;
    }

    private long call(String function, long first, long second) {
        return call(function, first, second, 0);
    }

    /** Throws {@link java.util.NoSuchElementException} where the library has no such function. */
    @SuppressWarnings("restricted") // the launcher allows it: --enable-native-access
    private long call(String function, long first, long second, long third) {
        MethodHandle handle = linker.downcallHandle(symbols.find(function).orElseThrow(), WORDS);
        try {
            return (long) handle.invokeExact(first, second, third, 0L, 0L);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
