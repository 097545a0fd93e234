package dev.vibe.runner.adapter.journal;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A buffer to write from, used again and again: a fresh one for each write was as much garbage as the lines. Outside the heap, so that the
 * system gets it without another copy, and no thread keeps such a copy for itself. Safe for several threads; who comes while
 * it is in use gets one of his own.
 */
final class Scratch {
    /** As much as a session's lines come to in one write. */
    private static final int BYTES = 96 * 1024;

    private final AtomicReference<@Nullable ByteBuffer> free = new AtomicReference<>();
    private boolean allocated; // guarded by this

    /** A buffer with room for exactly {@code bytes}, from its beginning. */
    ByteBuffer take(int bytes) {
        ByteBuffer shared = bytes > BYTES ? null : free.getAndSet(null);
        if (shared == null && bytes <= BYTES) {
            shared = first();
        }
        return shared == null ? ByteBuffer.allocate(bytes) : shared.clear().limit(bytes);
    }

    private synchronized @Nullable ByteBuffer first() {
        if (allocated) {
            return null;
        }
        allocated = true;
        return ByteBuffer.allocateDirect(BYTES);
    }

    /** Takes back what {@link #take} gave. */
    void give(ByteBuffer buffer) {
        if (buffer.isDirect()) {
            free.set(buffer);
        }
    }
}
