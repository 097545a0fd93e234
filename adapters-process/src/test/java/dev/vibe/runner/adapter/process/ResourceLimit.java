package dev.vibe.runner.adapter.process;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A limit of this process that is lower until it is closed. */
final class ResourceLimit implements AutoCloseable {
    // From Linux's headers.
    static final int PROCESSES = 6;
    static final int OPEN_FILES = 7;

    private static final int STRUCT_BYTES = 16;

    private final LibC libC = new LibC();
    private final int resource;
    private final long before;

    private ResourceLimit(int resource, long most) throws IOException {
        this.resource = resource;
        this.before = set(most);
    }

    static ResourceLimit lower(int resource, long most) throws IOException {
        return new ResourceLimit(resource, most);
    }

    private long set(long most) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limits = arena.allocate(STRUCT_BYTES, Long.BYTES);
            int failed = libC.callForInt("getrlimit", resource, limits.address());
            long old = limits.get(ValueLayout.JAVA_LONG, 0);
            limits.set(ValueLayout.JAVA_LONG, 0, most);
            failed |= libC.callForInt("setrlimit", resource, limits.address());
            if (failed != 0) {
                throw new IOException("the limit cannot be set");
            }
            return old;
        }
    }

    @Override
    public void close() throws IOException {
        long _ = set(before);
    }
}
