package dev.vibe.runner.bootstrap.e2e;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A {@code vibe-runner local} with the scripted agent, and a browser. */
@Timeout(150)
abstract class ConsoleStage {
    @TempDir
    Path home = Path.of("");

    @BeforeAll
    static void needsABrowser() {
        Browser.require();
    }

    final LocalProcess scripted(String... arguments) throws Exception {
        return LocalProcess.start(
                home,
                Map.of("VIBE_SCRIPTED_AGENT", "true", "TMPDIR", home.toString()),
                arguments.length == 0 ? new String[] {"--port", "0"} : arguments);
    }

    final Browser open(URI console) throws Exception {
        return Browser.open(console, profile());
    }

    final Path profile() throws Exception {
        return Files.createTempDirectory(home, "profile");
    }

    /** The console with this session open. */
    static URI at(URI console, String session) {
        return URI.create(console + "#" + session);
    }
}
