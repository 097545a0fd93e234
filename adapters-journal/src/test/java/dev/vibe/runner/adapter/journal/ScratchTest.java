package dev.vibe.runner.adapter.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ScratchTest {
    private final Scratch scratch = new Scratch();

    @Test
    void isUsedAgainAndNeverByTwo() {
        ByteBuffer first = scratch.take(100);
        assertEquals(100, first.remaining());
        ByteBuffer meanwhile = scratch.take(50);
        assertNotSame(first, meanwhile);
        assertEquals(50, meanwhile.remaining());
        first.putInt(1);
        scratch.give(first);
        scratch.give(meanwhile);
        ByteBuffer again = scratch.take(70_000);
        assertSame(first, again);
        assertEquals(0, again.position());
        assertEquals(70_000, again.remaining());
    }

    @Test
    void whatIsTooLargeForItGetsABufferOfItsOwn() {
        ByteBuffer large = scratch.take(5_000_000);
        assertEquals(5_000_000, large.remaining());
        scratch.give(large);
        assertNotSame(large, scratch.take(5_000_000));
    }
}
