package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.domain.EndpointId;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Why an agent is not ended by simpler means: who survives which, tried out. The table is in {@code docs/security.md}. */
@Timeout(180)
class KillTableTest {
    private static final Duration GONE_WITHIN = Duration.ofMillis(600);
    /** Each prints the pid of the process in question. */
    private static final Map<String, String> SHAPES = new LinkedHashMap<>();

    static {
        SHAPES.put("main process", "echo $$");
        SHAPES.put("child", "sleep 300 & echo $!");
        SHAPES.put("child that ignores TERM", "sh -c 'trap \"\" TERM; echo $$; while :; do sleep 0.1; done' &");
        SHAPES.put("orphan (double fork)", "(sleep 300 & echo $!)");
        SHAPES.put("child in a session of its own", "setsid sh -c 'echo $$; exec sleep 300' &");
        SHAPES.put("daemon (double fork, own session)", "(setsid sh -c 'echo $$; exec sleep 300' &)");
        SHAPES.put("child without environment", "env -i sleep 300 & echo $!");
        SHAPES.put("daemon without environment", "(env -i setsid sh -c 'echo $$; exec sleep 300' &)");
    }

    private final ProcFs proc = new ProcFs();

    private enum Method {
        MAIN("SIGKILL to the process"),
        DESCENDANTS("SIGKILL to it and the JDK's descendants()"),
        GROUP("SIGKILL to its process group"),
        GROUP_TERM("SIGTERM to its process group"),
        RUNNER("the runner's stop");

        final String words;

        Method(String words) {
            this.words = words;
        }
    }

    @Test
    void whoSurvivesWhat() throws Exception {
        List<String> table = new ArrayList<>();
        StringBuilder head = new StringBuilder("| survives? |");
        for (Method method : Method.values()) {
            head.append(' ').append(method.words).append(" |");
        }
        table.add(head.toString());
        table.add("|---".repeat(Method.values().length + 1) + "|");
        List<String> survivesUs = new ArrayList<>();
        for (Map.Entry<String, String> shape : SHAPES.entrySet()) {
            StringBuilder row = new StringBuilder("| ").append(shape.getKey()).append(" |");
            for (Method method : Method.values()) {
                boolean survives = survives(shape.getValue(), method);
                row.append(survives ? " **survives** |" : " ends |");
                if (survives && method == Method.RUNNER) {
                    survivesUs.add(shape.getKey());
                }
            }
            table.add(row.toString());
        }
        Files.write(Path.of("target/kill-methods.md"), table);
        table.forEach(System.out::println);
        assertEquals(List.of("daemon without environment"), survivesUs);
        String documented = Files.readString(Path.of(System.getProperty("vibe.root"), "docs/security.md"));
        assertTrue(documented.contains(String.join("\n", table)), "docs/security.md has another table");
    }

    private boolean survives(String shape, Method method) throws Exception {
        Mark mark = Mark.create(new EndpointId("kill-table"), self());
        ProcessBuilder builder = new ProcessBuilder("setsid", "sh", "-c", shape + "\nwhile :; do sleep 0.1; done");
        builder.environment().put(Mark.VARIABLE, mark.value());
        Process main = builder.start();
        try (BufferedReader out = main.inputReader(StandardCharsets.UTF_8)) {
            long pid = Long.parseLong(out.readLine().strip());
            ProcessStat target = Objects.requireNonNull(proc.process(pid));
            ProcessTree tree = new ProcessTree(new ProcessTable(proc), main.pid(), mark);
            // Whoever is to be an orphan becomes one.
            Thread.sleep(60);
            switch (method) {
                case MAIN -> main.destroyForcibly();
                case DESCENDANTS -> {
                    List<ProcessHandle> all = main.descendants().toList();
                    main.destroyForcibly();
                    all.forEach(ProcessHandle::destroyForcibly);
                }
                case GROUP -> kill("-KILL", -main.pid());
                case GROUP_TERM -> kill("-TERM", -main.pid());
                case RUNNER -> assertEquals(List.of(), tree.end(Duration.ofMillis(200), Duration.ofSeconds(5)));
            }
            boolean survives = livesAfter(target);
            new Signals(proc).kill(target);
            tree.end(Duration.ZERO, Duration.ofSeconds(5));
            return survives;
        } finally {
            main.destroyForcibly();
        }
    }

    private boolean livesAfter(ProcessStat target) throws InterruptedException {
        long end = System.nanoTime() + GONE_WITHIN.toNanos();
        while (System.nanoTime() < end) {
            ProcessStat now = proc.process(target.pid());
            if (now == null || !now.same(target) || !now.alive()) {
                return false;
            }
            Thread.sleep(10);
        }
        return true;
    }

    private static void kill(String signal, long pid) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("/bin/kill", signal, "--", Long.toString(pid))
                        .start()
                        .waitFor());
    }

    private ProcessStat self() {
        return Objects.requireNonNull(proc.process(ProcessHandle.current().pid()));
    }
}
