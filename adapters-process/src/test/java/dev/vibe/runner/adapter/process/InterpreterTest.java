package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class InterpreterTest {
    private final Path folder;

    InterpreterTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void aScriptFromWindowsIsSaidToBeOne() throws IOException {
        assertEquals(
                "its first line names the interpreter \"/bin/sh\\r\", which does not exist, since the line ends as on Windows",
                Interpreter.missing(file("#!/bin/sh\r\necho hi\r\n")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"#!/no/such/one\n", "#! \t/no/such/one\t-x\n", "#!/no/such/one"})
    void anInterpreterThatIsMissingIsNamed(String script) throws IOException {
        assertEquals(
                "its first line names the interpreter \"/no/such/one\", which does not exist",
                Interpreter.missing(file(script)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"#!/bin/sh\n", "#!/bin/sh -e\r\n", "echo", "", "#!", "#!\n", "\0ELF"})
    void nothingIsSaidOfAnyOther(String content) throws IOException {
        assertNull(Interpreter.missing(file(content)));
    }

    @Test
    void norOfAFileThatIsNotThere() {
        assertNull(Interpreter.missing(folder.resolve("none")));
    }

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("claude"), content);
    }
}
