package dev.vibe.runner.adapter.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.vibe.runner.domain.EndpointId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class JournalFolderTest {
    private static final EndpointId ENDPOINT = new EndpointId("../e 1");

    private final Path state;

    JournalFolderTest(@TempDir Path state) {
        this.state = state;
    }

    private JournalFolder take(String holder) throws IOException {
        JournalFolder folder = Objects.requireNonNull(JournalFolder.take(state, ENDPOINT));
        folder.tell(holder);
        return folder;
    }

    @Test
    void isHeldByOneAndTellsOthersByWhom() throws Exception {
        try (JournalFolder _ = take("the first")) {
            assertNull(JournalFolder.take(state, ENDPOINT));
            assertEquals("the first", JournalFolder.holder(state, ENDPOINT));
            assertEquals(List.of("the first"), JournalFolder.holders(state));
            try (JournalFolder other = JournalFolder.take(state, new EndpointId("another"))) {
                assertNotNull(other);
            }
        }
        try (JournalFolder _ = take("2nd")) {
            assertEquals("2nd", JournalFolder.holder(state, ENDPOINT));
        }
    }

    @Test
    void isHeldAsLongAsTheJournalInItIsOpen() throws Exception {
        DiskSpool spool = DiskSpool.open(take("me"), 1_000_000);
        assertNull(JournalFolder.take(state, ENDPOINT));
        assertNull(spool.problem());
        spool.close();
        take("another").close();
    }

    @Test
    void whatCannotBeWrittenDownIsNotMistakenForTheOneBefore() throws Exception {
        JournalFolder first = take("the first");
        Path holder = first.path().resolve("holder");
        first.close();
        Files.delete(holder);
        Files.createDirectory(holder);

        try (JournalFolder _ = take("the second")) {
            assertEquals("", JournalFolder.holder(state, ENDPOINT));
        }
    }

    @Test
    void whereThereIsNoneNobodyIsTheHolder() {
        assertEquals("", JournalFolder.holder(state, ENDPOINT));
        assertEquals(List.of(), JournalFolder.holders(state.resolve("none")));
    }

    @Test
    void aStateDirectoryThatIsAFileCannotBeUsed() throws Exception {
        Path file = Files.createFile(state.resolve("file"));
        assertThrows(IOException.class, () -> JournalFolder.take(file, ENDPOINT));
    }
}
