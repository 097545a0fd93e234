package dev.vibe.runner.e2b;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the pages and files on running the runner say is what is there. */
class PagesTest {
    @Test
    void theCallsOfAHostAreTheOnesThatTheCompilerHasSeen() throws IOException {
        String compiled = read("e2b/host.ts");
        List<String> blocks = all("(?s)```ts\\n(.*?)```", read("docs/operations.md"));
        assertEquals(3, blocks.size());
        for (String block : blocks) {
            assertTrue(compiled.contains(block), block);
        }
    }

    @Test
    void theManifestSetsOnlyWhatThereIs() throws IOException {
        String settings = read("README.md");
        List<String> names = all("name: ((?:VIBE|MAX)_\\w+)", read("deploy/kubernetes.yaml"));
        assertTrue(names.size() > 3, names::toString);
        for (String name : names) {
            assertTrue(settings.contains("| `" + name + "` |"), name);
        }
    }

    @Test
    void theAgentsOfTemplateImageAndTestsAreTheSame() throws IOException {
        String template = read("e2b/settings.ts");
        String image = read("deploy/Dockerfile");
        String tests = read("testkit/agents/package.json");
        assertEquals(all("claude-code\": \"(.*)\"", tests), all("CLAUDE = '(.*)'", template));
        assertEquals(all("claude-code\": \"(.*)\"", tests), all("ARG CLAUDE=(.*)", image));
        assertEquals(all("codex\": \"(.*)\"", tests), all("CODEX = '(.*)'", template));
        assertEquals(all("codex\": \"(.*)\"", tests), all("ARG CODEX=(.*)", image));
    }

    private static String read(String file) throws IOException {
        return Files.readString(BuildScript.ROOT.resolve(file));
    }

    private static List<String> all(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .toList();
    }
}
