package dev.vibe.runner.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the pages show is what this module compiles and tests. */
@Timeout(20)
class PagesTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern BLOCK =
            Pattern.compile("```(?:java|xml)\n(?:// |<!-- )(\\S+)[^\n]*\n(.*?)\n```", Pattern.DOTALL);
    private static final Pattern REST_LEFT_OUT = Pattern.compile("\n *// \\.\\.\\. [^\n]*$");

    @ParameterizedTest
    @ValueSource(strings = {"add-a-transport.md", "add-an-agent.md"})
    void eachBlockStandsInItsFile(String page) throws Exception {
        Matcher blocks = BLOCK.matcher(Files.readString(ROOT.resolve("docs").resolve(page)));
        int found = 0;
        while (blocks.find()) {
            String source = Files.readString(ROOT.resolve(blocks.group(1)));
            String shown = REST_LEFT_OUT.matcher(blocks.group(2)).replaceFirst("");
            assertTrue(
                    source.contains(shown), page + " shows what does not stand in " + blocks.group(1) + ":\n" + shown);
            found++;
        }
        assertTrue(found >= 3, page + " shows only " + found + " files");
    }
}
