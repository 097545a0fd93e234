package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.application.port.out.RunningAgent;
import dev.vibe.runner.domain.UserMessage;
import dev.vibe.runner.testkit.AgentContract;
import dev.vibe.runner.testkit.AgentRig;
import dev.vibe.runner.testkit.Running;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.io.TempDir;

class ScriptedContractTest extends AgentContract {
    private final Path directory;

    ScriptedContractTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Override
    protected AgentRig newRig() {
        AgentPort port = ProcessAgents.scripted(ProcessSettings.defaults(System.getenv(), directory));
        return new AgentRig() {
            @Override
            public AgentPort port() {
                return port;
            }

            @Override
            public UserMessage saying(String words) {
                return new UserMessage.Text("say " + words);
            }

            @Override
            public boolean says(String line, String words) {
                JsonNode said = MessageText.parse(line);
                return said != null
                        && said.at("/message/content/0/text").asText().equals(words);
            }

            @Override
            public UserMessage lasting() {
                return new UserMessage.Text("child 600\nsleep 600000");
            }

            /** Its turn is under way once it has started its child. */
            @Override
            public void awaitLasting(RunningAgent agent) {
                long deadline = System.nanoTime() + Running.PATIENCE.toNanos();
                while (ProcessHandle.of(agent.pid())
                        .orElseThrow()
                        .children()
                        .findAny()
                        .isEmpty()) {
                    if (System.nanoTime() > deadline) {
                        throw new AssertionError("it starts no child");
                    }
                    LockSupport.parkNanos(5_000_000);
                }
            }

            @Override
            public boolean endsTurn(String line) {
                return line.startsWith("{\"type\":\"result\"");
            }

            @Override
            public void killFromOutside(RunningAgent agent) {
                ProcessHandle.of(agent.pid()).orElseThrow().destroyForcibly();
            }

            @Override
            public boolean serves(Thread thread) {
                return thread.getName().startsWith("scripted-");
            }

            @Override
            public void close() {
                // its agents are the tests' own
            }
        };
    }
}
