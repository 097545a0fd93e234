package dev.vibe.runner.application;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SparinglyTest {
    @Test
    void aFloodOfLinesBecomesAFewAndACount() {
        AtomicLong now = new AtomicLong();
        Sparingly sparingly = new Sparingly(now::get);
        List<String> remarks = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            sparingly.log(remarks::add);
        }
        assertEquals(20, remarks.size());
        now.addAndGet(Duration.ofSeconds(10).toNanos());
        sparingly.log(remarks::add);
        assertEquals(" (and 99980 lines like this were left out)", remarks.getLast());
        sparingly.log(remarks::add);
        assertEquals("", remarks.getLast());
    }
}
