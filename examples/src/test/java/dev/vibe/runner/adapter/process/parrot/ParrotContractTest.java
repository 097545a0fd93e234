package dev.vibe.runner.adapter.process.parrot;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.adapter.process.MessageText;
import dev.vibe.runner.adapter.process.ProcessSettings;
import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.application.port.out.RunningAgent;
import dev.vibe.runner.domain.UserMessage;
import dev.vibe.runner.testkit.AgentContract;
import dev.vibe.runner.testkit.AgentRig;
import dev.vibe.runner.testkit.Running;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.io.TempDir;

class ParrotContractTest extends AgentContract {
    @TempDir
    private Path directory = Path.of("");

    @Override
    protected AgentRig newRig() throws Exception {
        Path program = directory.resolve("parrot");
        try (InputStream source = Objects.requireNonNull(getClass().getResourceAsStream("parrot"))) {
            Files.copy(source, program);
        }
        if (!program.toFile().setExecutable(true)) {
            throw new IllegalStateException(program + " cannot be made executable");
        }
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("PATH", directory + ":" + environment.get("PATH"));
        return new Rig(Parrot.agent(ProcessSettings.defaults(environment, directory)));
    }

    private record Rig(AgentPort port) implements AgentRig {
        @Override
        public UserMessage saying(String words) {
            return new UserMessage.Text(words);
        }

        @Override
        public boolean says(String line, String words) {
            JsonNode said = MessageText.parse(line);
            return said != null && said.at("/was/say").asText().equals(words);
        }

        @Override
        public UserMessage lasting() {
            return new UserMessage.Text("sit");
        }

        @Override
        public void awaitLasting(RunningAgent agent) {
            long deadline = System.nanoTime() + Running.PATIENCE.toNanos();
            while (process(agent).children().findAny().isEmpty()) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("it does not sit down");
                }
                LockSupport.parkNanos(5_000_000);
            }
        }

        @Override
        public boolean endsTurn(String line) {
            return line.startsWith("{\"type\":\"done\"");
        }

        @Override
        public void killFromOutside(RunningAgent agent) {
            process(agent).destroyForcibly();
        }

        @Override
        public boolean serves(Thread thread) {
            return thread.getName().startsWith("parrot-");
        }

        @Override
        public void close() {
            // its agents are the tests' own
        }

        private static ProcessHandle process(RunningAgent agent) {
            return ProcessHandle.of(agent.pid()).orElseThrow();
        }
    }
}
