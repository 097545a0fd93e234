package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcFsTest {
    private static final String REST = " 1 2 3 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 77 0 0";

    @Test
    void aNameMayHoldAnything() {
        ProcessStat stat = ProcessStat.parse("42 (a) R (b 7 ) S" + REST);
        assertEquals(new ProcessStat(42, "a) R (b 7 ", 'S', 1, 2, 3, 77), stat);
    }

    @Test
    void whatIsNotLinuxsFormatIsNothing() {
        assertNull(ProcessStat.parse(""));
        assertNull(ProcessStat.parse("42 (x) S 1 2"));
        assertNull(ProcessStat.parse("(x) S" + REST));
        assertNull(ProcessStat.parse("42 (x) S a b c" + REST));
    }

    @Test
    void theMarkIsAWholeVariable(@TempDir Path root) throws Exception {
        ProcFs proc = new ProcFs(root);
        Path environ = Files.createDirectories(root.resolve("5")).resolve("environ");
        Files.write(environ, "A=1\0XVIBE_RUNNER_MARK=no\0VIBE_RUNNER_MARK=yes\0B=2\0".getBytes(StandardCharsets.UTF_8));
        assertEquals("yes", proc.markOf(5));
        String large = "L=" + "x".repeat(100_000) + "\0";
        Files.writeString(environ, large + "VIBE_RUNNER_MARK=yes\0" + large);
        assertEquals("yes", proc.markOf(5));
        Files.writeString(environ, large + "VIBE_RUNNER_MARK=last");
        assertEquals("last", proc.markOf(5));
        Files.writeString(environ, "VIBE_RUNNER_MARK=" + "x".repeat(129) + "\0");
        assertNull(proc.markOf(5), "no mark is as long as that");
        Files.write(environ, "A=VIBE_RUNNER_MARK=no\0".getBytes(StandardCharsets.UTF_8));
        assertNull(proc.markOf(5));
        Files.write(environ, new byte[0]);
        assertNull(proc.markOf(5));
        assertNull(proc.markOf(6));
    }
}
