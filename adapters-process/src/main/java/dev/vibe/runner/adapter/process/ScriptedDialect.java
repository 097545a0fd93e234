package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vibe.runner.adapter.process.scripted.ScriptedProgram;
import dev.vibe.runner.application.port.out.AgentGoneException;
import dev.vibe.runner.domain.UserMessage;
import org.jspecify.annotations.Nullable;

/** Speaks to {@link ScriptedProgram}: one JSON object a line, {@code {"text"}} or {@code {"interrupt":true}}. */
final class ScriptedDialect implements Dialect {
    private final Host host;
    private final String sessionId;
    private final ClaudeTurns turns = new ClaudeTurns(false);

    ScriptedDialect(Host host, String sessionId) {
        this.host = host;
        this.sessionId = sessionId;
    }

    @Override
    public void begin() {
        // The program says by itself when it is ready.
    }

    @Override
    public @Nullable String heard(String line) {
        if (line.equals(ScriptedProgram.READY)) {
            host.ready();
            return null;
        }
        turns.heard(line);
        return line;
    }

    @Override
    public void send(UserMessage message) throws AgentGoneException, InterruptedException {
        switch (message) {
            case UserMessage.Text(var text) -> say(text);
            case UserMessage.Structured(var json) -> structured(json);
        }
    }

    private void structured(String json) throws AgentGoneException, InterruptedException {
        JsonNode message = MessageText.parse(json);
        if (message != null && MessageText.isInterrupt(message)) {
            interrupt();
            return;
        }
        JsonNode content = message == null ? null : MessageText.content(message);
        if (content == null) {
            say(json);
            return;
        }
        if (content.isTextual()) {
            say(content.asText());
            return;
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode block : content) {
            text.append(block.path("text").asText("")).append('\n');
        }
        say(text.toString());
    }

    private void say(String text) throws AgentGoneException, InterruptedException {
        ObjectNode line = Json.object().put("text", text);
        try {
            String written = Json.write(line);
            turns.said();
            host.stdin().write(written);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a string is always JSON", e);
        }
    }

    @Override
    public void interrupt() throws AgentGoneException, InterruptedException {
        host.stdin().write(ScriptedProgram.INTERRUPT);
    }

    /** It has no conversation that another process could go on with. */
    @Override
    public boolean betweenTurns() {
        return false;
    }

    @Override
    public int completedTurns() {
        return turns.completed();
    }

    @Override
    public boolean turnUnderWay() {
        return turns.working();
    }

    @Override
    public void beforeStop() {
        boolean ignored = host.stdin().offer(ScriptedProgram.INTERRUPT);
    }

    @Override
    public String agentSessionId() {
        return sessionId;
    }
}
