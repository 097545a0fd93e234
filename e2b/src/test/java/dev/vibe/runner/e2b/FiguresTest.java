package dev.vibe.runner.e2b;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.testkit.talk.Agent;
import dev.vibe.runner.testkit.talk.Conversation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.testcontainers.DockerClientFactory;

/** Measures the template; writes {@code target/figures.md}, from which docs/e2b-figures.md is. */
@Timeout(300)
class FiguresTest {
    private static final int ROUNDS = 5;

    @BeforeAll
    @Timeout(600)
    static void image() throws Exception {
        Containers.require();
        var unused = TemplateImage.name();
    }

    @Test
    void theTemplateIsSmallAndStartsSoon() throws Exception {
        List<String> rows = new ArrayList<>();
        long uploads = 0;
        for (RecordedBuild.Step copy : TemplateImage.recorded().steps("COPY")) {
            long size = Files.size(copy.archive());
            uploads += size;
            rows.add("| upload `%s`, gzipped | %.1f MB |".formatted(copy.arg(0), size / 1e6));
        }
        rows.add("| uploads together | %.1f MB |".formatted(uploads / 1e6));
        rows.add("| image over its base | %.0f MB |"
                .formatted((bytes(TemplateImage.name()) - bytes(Containers.BASE)) / 1e6));
        long[] starts = new long[ROUNDS];
        long[] firsts = new long[ROUNDS];
        long[] runner = new long[ROUNDS];
        long[] npm = new long[ROUNDS];
        long apps = 0;
        for (int round = 0; round < ROUNDS; round++) {
            try (Sandbox sandbox = Sandbox.open()) {
                apps = Long.parseLong(
                        sandbox.root("du -sm " + Sandbox.APP + " | cut -f1").strip());
                long began = System.nanoTime();
                sandbox.npmStart(Map.of());
                starts[round] = millisSince(began);
                began = System.nanoTime();
                Conversation session = sandbox.conversation(Agent.CLAUDE);
                session.start(Map.of("initialMessage", "hello"));
                var unused = session.awaitMessage(Agent.CLAUDE::says);
                firsts[round] = millisSince(began);
                runner[round] = sandbox.rss(sandbox.java());
                npm[round] = sandbox.rss(sandbox.npm());
            }
        }
        rows.add("| `/home/user/app` on disk | %d MB |".formatted(apps));
        rows.add("| `npm start` to registered | %s ms |".formatted(spread(starts, 1)));
        rows.add("| `session:start` with a message to the first words of Claude Code | %s ms |"
                .formatted(spread(firsts, 1)));
        rows.add("| resident memory of the runner (Java), a session running | %s MB |".formatted(spread(runner, 1000)));
        rows.add("| resident memory of npm | %s MB |".formatted(spread(npm, 1000)));
        Files.writeString(Path.of("target/figures.md"), String.join("\n", rows) + "\n");

        assertTrue(uploads < 60_000_000, rows::toString);
        assertTrue(LongStream.of(runner).max().orElseThrow() < 200_000, rows::toString);
    }

    private static long bytes(String image) {
        return Objects.requireNonNull(DockerClientFactory.instance()
                .client()
                .inspectImageCmd(image)
                .exec()
                .getSize());
    }

    private static long millisSince(long began) {
        return (System.nanoTime() - began) / 1_000_000;
    }

    /** Median, and from the smallest to the largest. */
    private static String spread(long[] values, long unit) {
        long[] sorted =
                LongStream.of(values).map(value -> value / unit).sorted().toArray();
        return sorted[sorted.length / 2] + " (" + sorted[0] + "-" + sorted[sorted.length - 1] + ")";
    }
}
