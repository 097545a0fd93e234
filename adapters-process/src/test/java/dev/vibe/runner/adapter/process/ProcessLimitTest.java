package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a user's limit of processes is reached, which counts threads. */
class ProcessLimitTest {

    @Test
    void anAgentsEndIsToldAndSoIsThatItCannotBeWrittenToAndAnUnknownVersionFailsNothing(@TempDir Path directory)
            throws Exception {
        String said = AsNobody.run(LimitProof.class, directory);
        List<String> ends = said.lines()
                .filter(line -> line.endsWith(" ended with 137, left []"))
                .toList();
        assertEquals(2, Collections.frequency(ends, "JDK ended with 137, left []"), said);
        assertEquals(2, Collections.frequency(ends, "SPAWN ended with 137, left []"), said);
        assertTrue(said.contains("the system gives no thread to write to the agent with"), said);
        assertTrue(said.contains("version null"), said);
    }
}
