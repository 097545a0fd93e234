package dev.vibe.runner.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class OpenFilesTest {
    private final Path proc;

    OpenFilesTest(@TempDir Path proc) {
        this.proc = proc;
    }

    @Test
    void theLimitIsTheOneInForce() throws Exception {
        limits("40", "4096");
        assertEquals(OptionalLong.of(40), OpenFiles.limit(proc));
        limits("unlimited", "unlimited");
        assertEquals(OptionalLong.empty(), OpenFiles.limit(proc));
    }

    @Test
    void aLimitIsTheReasonOfAFailureWhereItIsLow() throws Exception {
        limits("40", "40");
        String reason = String.valueOf(OpenFiles.reasonOfFailure(proc));
        assertTrue(reason.startsWith("the limit of open files (ulimit -n) is 40; the runner needs 64"), reason);
        limits("1024", "1024");
        assertNull(OpenFiles.reasonOfFailure(proc));
        assertNull(OpenFiles.reasonOfFailure(proc.resolve("none")));
    }

    private void limits(String soft, String hard) throws Exception {
        Files.createDirectories(proc.resolve("self"));
        Files.writeString(proc.resolve("self/limits"), """
                Limit                     Soft Limit           Hard Limit           Units
                Max processes             31456                31456                processes
                Max open files            %-20s %-20s files
                """.formatted(soft, hard));
    }
}
