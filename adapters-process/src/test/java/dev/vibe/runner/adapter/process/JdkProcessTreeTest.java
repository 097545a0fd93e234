package dev.vibe.runner.adapter.process;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The same where processes are started the JDK's way, as on other C libraries. */
class JdkProcessTreeTest extends ProcessTreeTest {
    JdkProcessTreeTest(@TempDir Path directory) {
        super(directory);
    }

    @Override
    Starter starter() {
        return new JdkStarter();
    }
}
