package dev.vibe.runner.adapter.process;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Some signals that this process ignores until it is closed, as a process does that a shell's {@code trap ''} was for. */
final class IgnoredSignals implements AutoCloseable {
    /** Bits of signals 32 and 33, of which the C library makes use inside; it has children ignore them. */
    static final long OF_THE_C_LIBRARY = 0b11L << 31;

    private static final int HUP = 1;
    private static final int INT = 2;
    private static final int QUIT = 3;
    private static final int USR1 = 10;
    private static final long SIG_IGN = 1;
    /** More than a {@code struct sigaction} has (152). */
    private static final int STRUCT_BYTES = 256;

    private final LibC libC = new LibC();
    private final Arena arena = Arena.ofShared();
    private final Map<Integer, MemorySegment> before = new HashMap<>();

    IgnoredSignals() {
        MemorySegment ignore = arena.allocate(STRUCT_BYTES, Long.BYTES);
        ignore.set(ValueLayout.JAVA_LONG, 0, SIG_IGN);
        for (int signal : List.of(HUP, INT, QUIT, USR1)) {
            MemorySegment old = arena.allocate(STRUCT_BYTES, Long.BYTES);
            long _ = libC.call("sigaction", signal, ignore.address(), old.address());
            before.put(signal, old);
        }
    }

    @Override
    public void close() {
        before.forEach((signal, old) -> {
            long _ = libC.call("sigaction", signal, old.address(), 0);
        });
        arena.close();
    }
}
