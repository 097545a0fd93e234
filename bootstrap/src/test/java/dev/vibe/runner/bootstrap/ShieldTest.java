package dev.vibe.runner.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The shield's being raised; what it shields is looked at on the packaged runner. */
@Timeout(30)
class ShieldTest {
    private static final ThreadFactory NONE_TO_BE_HAD = task -> new Thread(task) {
        @Override
        public void start() {
            throw new OutOfMemoryError("unable to create native thread");
        }
    };

    private final AtomicInteger raised = new AtomicInteger();

    @Test
    void whereNoThreadCanBeStartedItIsRaisedAllTheSameAndNoAgentWaitsForEver() {
        Shield shield = new Shield(raised::incrementAndGet, NONE_TO_BE_HAD);
        shield.raise();
        shield.await();
        assertEquals(1, raised.get());
    }

    @Test
    void itIsRaisedOnceByWhoeverComesFirst() {
        Shield shield = new Shield(raised::incrementAndGet, Thread.ofPlatform().factory());
        for (int i = 0; i < 10; i++) {
            shield.raise();
            shield.await();
        }
        assertEquals(1, raised.get());
    }

    @Test
    void whatBreaksOffIsTriedAgainBeforeAnAgentStarts() {
        Shield shield = new Shield(
                () -> {
                    if (raised.incrementAndGet() == 1) {
                        throw new OutOfMemoryError("heap");
                    }
                },
                NONE_TO_BE_HAD);
        assertThrows(OutOfMemoryError.class, shield::await);
        shield.await();
        shield.await();
        assertEquals(2, raised.get());
    }
}
