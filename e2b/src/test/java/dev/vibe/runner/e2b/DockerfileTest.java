package dev.vibe.runner.e2b;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibe.runner.testkit.NodeServer;
import dev.vibe.runner.testkit.Requires;
import dev.vibe.runner.testkit.model.ModelServer;
import dev.vibe.runner.testkit.model.RealAgents;
import dev.vibe.runner.testkit.talk.Agent;
import dev.vibe.runner.testkit.talk.Conversation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code deploy/Dockerfile}, built and run by the commands that docs/operations.md gives. */
@Timeout(120)
class DockerfileTest {
    private static final String IMAGE = "vibe-runner-test-dockerfile";
    private static final Duration SOON = Duration.ofSeconds(40);

    @BeforeAll
    @Timeout(500)
    static void image() throws Exception {
        Containers.require();
        BuildScript.require();
        boolean command = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "docker")));
        Requires.that("container", command, "no docker command on the PATH");
        var unused = docker(
                "build",
                "--network=host",
                "--build-arg=BASE=" + Containers.BASE,
                "-f",
                BuildScript.ROOT.resolve("deploy/Dockerfile").toString(),
                "-t",
                IMAGE,
                BuildScript.DISTRIBUTION.toString());
    }

    @Test
    void itServesAnAgentAndDockerStopEndsItCleanly() throws Exception {
        List<String> run = new ArrayList<>(List.of("run", "--detach", "--network=host"));
        try (NodeServer server = NodeServer.start();
                ModelServer model = ModelServer.start()) {
            Map<String, String> variables = new TreeMap<>(RealAgents.environment(model, Path.of("/home/runner")));
            variables.put("VIBE_SERVER_URL", server.uri().toString());
            variables.put("VIBE_AUTH_TOKEN", NodeServer.TOKEN);
            variables.put("VIBE_LOG_FILE", "/tmp/runner.log"); // as the manifest does
            variables.forEach((name, value) -> run.add("--env=" + name + "=" + value));
            run.add(IMAGE);
            String container = docker(run.toArray(String[]::new)).strip();
            try {
                var unused = server.awaitEvent("endpoint:register", SOON);
                Conversation session = new Conversation(server, Agent.CLAUDE);
                session.start(Map.of("initialMessage", "[TOOL:pwd; id -u]"));
                String words = session.awaitTurn().words();
                assertTrue(words.contains("/home/runner/work") && words.contains("10001"), words);
                for (List<String> probe : probes()) {
                    List<String> exec = new ArrayList<>(List.of("exec", container));
                    exec.addAll(probe);
                    docker(exec.toArray(String[]::new));
                }

                docker("stop", "-t", "20", container);

                assertEquals(
                        "shutdown",
                        session.awaitEvent("session:ended").path("reason").asText());
                var gone = server.awaitEvent("endpoint:unregister", SOON);
                assertTrue(gone.has("endpointId"), gone::toString);
                assertEquals("0\n", docker("inspect", "--format={{.State.ExitCode}}", container));
            } finally {
                docker("rm", "--force", container);
            }
        }
    }

    /** The commands by which the Kubernetes manifest asks how the runner is. */
    private static List<List<String>> probes() throws Exception {
        String manifest = Files.readString(BuildScript.ROOT.resolve("deploy/kubernetes.yaml"));
        List<List<String>> commands = new ArrayList<>();
        for (MatchResult match :
                Pattern.compile("command: (\\[.*])").matcher(manifest).results().toList()) {
            List<String> words = new ArrayList<>();
            new ObjectMapper().readTree(match.group(1)).forEach(word -> words.add(word.asText()));
            commands.add(words);
        }
        assertEquals(2, commands.size());
        return commands;
    }

    /** Runs docker; returns what it printed, and fails when it fails. */
    private static String docker(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        Path log = Files.createTempFile("docker", ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = process.waitFor(450, TimeUnit.SECONDS);
        process.destroyForcibly();
        String output = Files.readString(log);
        Files.delete(log);
        if (!ended || process.exitValue() != 0) {
            throw new AssertionError(String.join(" ", command) + " failed:\n" + output);
        }
        return output;
    }
}
