package dev.vibe.runner.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class AuthTokenTest {
    private final Path directory;
    private final List<Secret> learned = new ArrayList<>();

    AuthTokenTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void aTokenThatWasGivenStays() {
        assertEquals("given", new AuthToken(new Secret("given"), Optional.empty(), learned::add).get());
        assertEquals(List.of(), learned);
    }

    @Test
    void aTokenInAFileIsTheOneThatIsThereNow() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "first\n");
        AuthToken token = from(file);
        assertEquals("first", token.get());
        Files.writeString(file, "second\n");
        assertEquals("second", token.get());
        assertEquals("second", token.get());
        assertEquals(List.of(new Secret("second")), learned);
    }

    @Test
    void aFileWithoutATokenTakesNoneAway() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "first");
        AuthToken token = from(file);
        Files.writeString(file, "\n");
        assertEquals("first", token.get());
        Files.write(file, new byte[] {(byte) 0xFF});
        assertEquals("first", token.get());
        Files.writeString(file, "x".repeat(1_000_000)); // however large it becomes
        assertEquals("first", token.get());
        Files.delete(file);
        assertEquals("first", token.get());
        assertEquals(List.of(), learned);
    }

    /** A shell gives one for {@code <(command)}; who opens it a second time waits for somebody who writes. */
    @Test
    void aPipeIsNotReadAgain() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        assertEquals("first", from(pipe).get());
    }

    private AuthToken from(Path file) {
        return new AuthToken(new Secret("first"), Optional.of(file), learned::add);
    }
}
