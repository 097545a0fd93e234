package dev.vibe.runner.adapter.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.domain.EndpointId;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class WriteProbeTest {
    private final AtomicLong now = new AtomicLong();
    private final Path folder;

    WriteProbeTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void aFullDiskIsNamed() throws Exception {
        Path full = Path.of("/dev/full");
        try (FileChannel file = FileChannel.open(full, StandardOpenOption.WRITE)) {
            WriteProbe probe = new WriteProbe(full, file, now::get);
            String problem = probe.problem();
            assertNotNull(problem);
            assertTrue(problem.contains("/dev/full: No space left on device"), problem);
        }
    }

    @Test
    void aFolderThatIsGoneIsNamedAndOneThatIsBackIsFoundInTime() throws Exception {
        Path path = Files.createFile(folder.resolve("lock"));
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            WriteProbe probe = new WriteProbe(path, file, now::get);
            assertNull(probe.problem());
            assertEquals(0, Files.size(path));
            Files.delete(path);
            now.addAndGet(Duration.ofSeconds(9).toNanos());
            assertNull(probe.problem());
            now.addAndGet(Duration.ofSeconds(1).toNanos());
            assertEquals("the journal cannot be written: " + path + " was removed", probe.problem());
            Files.createFile(path);
            now.addAndGet(Duration.ofSeconds(10).toNanos());
            assertNull(probe.problem());
        }
    }

    @Test
    void theSpoolTellsWithoutASessionThatSpeaks() throws Exception {
        try (DiskSpool spool = DiskSpool.open(folder, new EndpointId("e2b-1"), 1_000_000)) {
            Path lock;
            try (var files = Files.walk(folder)) {
                lock = files.filter(Files::isRegularFile).findFirst().orElseThrow();
            }
            Files.delete(lock);
            assertEquals("the journal cannot be written: " + lock + " was removed", spool.problem());
        }
    }
}
