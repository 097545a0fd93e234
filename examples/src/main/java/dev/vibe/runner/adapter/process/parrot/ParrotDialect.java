package dev.vibe.runner.adapter.process.parrot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.vibe.runner.adapter.process.Dialect;
import dev.vibe.runner.adapter.process.MessageText;
import dev.vibe.runner.application.port.out.AgentGoneException;
import dev.vibe.runner.domain.UserMessage;
import org.jspecify.annotations.Nullable;

/** What is said to a parrot, and which of its lines are the runner's own. */
final class ParrotDialect implements Dialect {
    private static final String READY = "{\"type\":\"ready\"}";
    private static final String DONE = "{\"type\":\"done\"";
    private static final String STOP = "{\"stop\":true}";

    private final Host host;
    private volatile boolean working; // written by the feeder's thread and the pump's

    ParrotDialect(Host host) {
        this.host = host;
    }

    @Override
    public void begin() {
        // It says by itself that it is ready. An agent with a handshake is asked here, by host.stdin().offer.
    }

    @Override
    public @Nullable String heard(String line) {
        if (line.equals(READY)) {
            host.ready();
            return null; // between runner and agent
        }
        if (line.startsWith(DONE)) {
            working = false;
        }
        return line;
    }

    @Override
    public void send(UserMessage message) throws AgentGoneException, InterruptedException {
        switch (message) {
            case UserMessage.Text(var text) -> say(text);
            case UserMessage.Structured(var json) -> {
                JsonNode parsed = MessageText.parse(json);
                if (parsed != null && MessageText.isInterrupt(parsed)) {
                    interrupt();
                    return;
                }
                JsonNode content = parsed == null ? null : MessageText.content(parsed);
                say(content != null && content.isTextual() ? content.asText() : json);
            }
        }
    }

    private void say(String text) throws AgentGoneException, InterruptedException {
        working = true;
        // Built by Jackson, never by hand: whatever the text holds, it stays one line.
        host.stdin()
                .write(JsonNodeFactory.instance.objectNode().put("say", text).toString());
    }

    @Override
    public void interrupt() throws AgentGoneException, InterruptedException {
        host.stdin().write(STOP);
    }

    @Override
    public void beforeStop() {
        boolean ignored = host.stdin().offer(STOP); // then its input is closed, and it ends
    }

    @Override
    public boolean betweenTurns() {
        return false; // no conversation that another process could go on with
    }

    @Override
    public boolean turnUnderWay() {
        return working;
    }

    @Override
    public @Nullable String agentSessionId() {
        return null;
    }
}
