package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ProcessNameTest {
    @Test
    @EnabledOnOs(OS.LINUX)
    void namesAProcessUntilItsEnd() throws Exception {
        Process sleep = new ProcessBuilder("sleep", "60").start();
        ProcessName name = ProcessName.of(sleep.pid()).orElseThrow();
        assertTrue(name.lives());
        assertEquals(name, ProcessName.parse(name.toString()));

        new ProcessName(name.pid(), name.startTicks() - 1).kill(); // another one of that pid, which has ended
        assertFalse(sleep.waitFor(100, TimeUnit.MILLISECONDS));
        name.kill();

        assertEquals(137, sleep.waitFor());
        assertFalse(name.lives());
        assertEquals(Optional.empty(), ProcessName.of(sleep.pid()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", ".1", "1.", "a.b", "1.2.3", "1 .2", "99999999999999999999.1"})
    void otherTextsNameNone(String text) {
        assertNull(ProcessName.parse(text));
    }
}
