package dev.vibe.runner.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HeapTrimTest {
    private static final long MB = 1L << 20;

    private final AtomicLong held = new AtomicLong(16 * MB);
    private final AtomicLong carried = new AtomicLong();
    private int collections;
    private long left = 20 * MB;
    private final HeapTrim trim = new HeapTrim(held::get, carried::get, () -> {
        collections++;
        held.set(left);
    });

    @BeforeEach
    void nothingIsDoneAtFirst() {
        trim.look();
        trim.look();
        assertEquals(0, collections);
    }

    @Test
    void whatAFloodHasLeftIsGivenBackOnceItIsOver() {
        held.set(90 * MB);
        for (int i = 0; i < 5; i++) {
            carried.addAndGet(1_000);
            trim.look();
        }
        assertEquals(0, collections, "while there is something to carry");
        trim.look();
        assertEquals(1, collections);
        trim.look();
        trim.look();
        assertEquals(1, collections, "nothing to gain any more");
        held.set(90 * MB);
        trim.look();
        trim.look();
        assertEquals(2, collections, "the next flood");
    }

    @Test
    void whatCannotBeGivenBackIsNotTriedAgainAndAgain() {
        left = 80 * MB;
        held.set(90 * MB);
        for (int i = 0; i < 10; i++) {
            trim.look();
        }
        assertEquals(1, collections);
    }
}
