package dev.vibe.runner.benchmarks;

import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.OutputLine;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What an agent says, 2 KB a line. */
public final class Lines {
    /** The session that says it. */
    public static final SessionId SESSION = new SessionId("11111111-2222-4333-8444-555555555555");

    /** The endpoint it runs on. */
    public static final EndpointId ENDPOINT = new EndpointId("e2b-benchmark");

    private static final int BYTES = 2_048;

    private Lines() {}

    /** One line of JSON without its end. */
    public static String json(char filler) {
        String head =
                "{\"type\":\"assistant\",\"message\":{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"";
        String tail = "\"}]},\"session_id\":\"00000000-0000-4000-8000-000000000000\"}";
        int each = String.valueOf(filler).getBytes(StandardCharsets.UTF_8).length;
        return head + String.valueOf(filler).repeat((BYTES - head.length() - tail.length()) / each) + tail;
    }

    /** Several lines as they come from a pipe. */
    public static byte[] chunk(int lines, char filler) {
        return (json(filler) + "\n").repeat(lines).getBytes(StandardCharsets.UTF_8);
    }

    /** Several lines as events. */
    public static List<SessionEvent> events(int lines) {
        List<SessionEvent> events = new ArrayList<>();
        for (int seq = 0; seq < lines; seq++) {
            events.add(new SessionEvent.Output(SESSION, ENDPOINT, seq, new OutputLine(Channel.STDOUT, json('x'))));
        }
        return events;
    }
}
