package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.port.out.AgentLaunchException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {
    private final Path home;

    WorkspaceTest(@TempDir Path home) {
        this.home = home;
    }

    @Test
    void nothingAskedMeansTheDefault() throws Exception {
        assertEquals(home, new Workspace(home, null).resolve(null));
        assertEquals(home, new Workspace(home, null).resolve(" "));
    }

    @Test
    void aRelativePathStartsAtTheDefault() throws Exception {
        Path project = Files.createDirectory(home.resolve("my project"));
        assertEquals(project, new Workspace(home, null).resolve("my project"));
        assertEquals(project, new Workspace(home, null).resolve(project + "/../my project"));
    }

    @Test
    void whatIsNoDirectoryIsRefusedWithTheReason() throws Exception {
        Path file = Files.createFile(home.resolve("file"));
        refused(null, home.resolve("missing").toString(), "does not exist");
        refused(null, file.toString(), "is not a directory");
        refused(null, "nul\0", "not a valid path");
    }

    @Test
    void outsideTheRootIsRefusedAlsoThroughALink() throws Exception {
        Path root = Files.createDirectory(home.resolve("root"));
        Path inside = Files.createDirectory(root.resolve("inside"));
        Path sibling = Files.createDirectory(home.resolve("root2"));
        Path link = Files.createSymbolicLink(root.resolve("link"), sibling);
        assertEquals(inside, new Workspace(home, root).resolve(inside.toString()));
        refused(root, sibling.toString(), "does not lie under");
        refused(root, link.toString(), "does not lie under");
        refused(root, inside + "/../../root2", "does not lie under");
        refused(root, null, "does not lie under");
        refused(home.resolve("gone"), null, "workspace root " + home.resolve("gone") + " does not exist");
    }

    private void refused(@Nullable Path root, @Nullable String asked, String reason) {
        var refusal = assertThrows(AgentLaunchException.class, () -> new Workspace(home, root).resolve(asked));
        assertTrue(String.valueOf(refusal.getMessage()).contains(reason), refusal::getMessage);
    }
}
