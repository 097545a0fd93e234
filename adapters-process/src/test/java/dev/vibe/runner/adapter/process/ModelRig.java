package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.application.port.out.RunningAgent;
import dev.vibe.runner.domain.UserMessage;
import dev.vibe.runner.testkit.AgentRig;
import dev.vibe.runner.testkit.Running;
import dev.vibe.runner.testkit.model.ModelServer;
import dev.vibe.runner.testkit.model.RealAgents;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A real CLI that talks to the model server. */
abstract class ModelRig implements AgentRig {
    private final ModelServer model = ModelServer.start();
    private final AgentPort port;

    ModelRig() {
        RealAgents agents = RealAgents.require();
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putAll(agents.environment(model));
        port = port(new ProcessSettings(
                environment,
                Set.of(),
                agents.home(),
                null,
                PermissionMode.BYPASS,
                false,
                Integer.MAX_VALUE,
                () -> 900_000,
                "0.1.0",
                () -> {},
                new AgentCommand(agents.claude(), List.of()),
                new AgentCommand(agents.codex(), List.of())));
    }

    abstract AgentPort port(ProcessSettings settings);

    /** The model's words in a message, empty where it has none. */
    abstract String words(JsonNode message);

    abstract boolean endsTurn(JsonNode message);

    @Override
    public AgentPort port() {
        return port;
    }

    @Override
    public UserMessage saying(String words) {
        return new UserMessage.Text(words);
    }

    @Override
    public boolean says(String line, String words) {
        return line.startsWith("{") && words(json(line)).startsWith("echo: " + words + " (messages=");
    }

    @Override
    public UserMessage lasting() {
        return new UserMessage.Text("[SLOW:3000:100]");
    }

    @Override
    public void awaitLasting(RunningAgent agent) throws InterruptedException {
        model.awaitRequest(request -> request.text().startsWith("[SLOW"), Running.PATIENCE);
    }

    @Override
    public boolean endsTurn(String line) {
        return line.startsWith("{") && endsTurn(json(line));
    }

    @Override
    public void killFromOutside(RunningAgent agent) {
        ProcessHandle.of(agent.pid()).orElseThrow().destroyForcibly();
    }

    @Override
    public boolean serves(Thread thread) {
        return thread.getName().startsWith(port.type() + "-");
    }

    private static JsonNode json(String line) {
        JsonNode parsed = MessageText.parse(line);
        return parsed == null ? MissingNode.getInstance() : parsed;
    }

    @Override
    public void close() {
        model.close();
    }
}
