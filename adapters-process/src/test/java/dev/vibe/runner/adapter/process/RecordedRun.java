package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.ExitStatus;
import dev.vibe.runner.domain.UserMessage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A recording of a real agent's stdio as steps. What the recorder said as a runner would (its handshake, its interrupts) is the
 * runner's to say in a replay, with ids of its own; the rest is said for a user.
 */
final class RecordedRun {
    private static final Step.Act NOBODY = _ -> {};

    final boolean claude;
    final List<Step> steps = new ArrayList<>();

    @Nullable
    String resumed;

    int exit = ExitStatus.KILLED; // of one that never ended
    /** Of turns, as the recorded lines tell them. */
    int completed;

    boolean underWay;

    private final List<Recording.Line> lines;
    private final Set<String> ownIds = new HashSet<>();

    private RecordedRun(List<Recording.Line> lines) {
        this.lines = lines;
        claude = lines.getFirst().text().startsWith("claude");
    }

    static RecordedRun of(String name) throws Exception {
        RecordedRun run = new RecordedRun(Recording.of(name).lines());
        run.begin();
        for (int at = 1; at < run.lines.size(); at++) {
            run.step(at);
        }
        if (run.lines.getLast().text().startsWith("still running")) {
            run.steps.add(new Step.Signal("KILL"));
        }
        return run;
    }

    private void begin() {
        String argv = lines.getFirst().text();
        int resume = argv.indexOf("--resume ");
        if (resume > 0) {
            resumed = argv.substring(resume).split(" ", -1)[1];
        }
        boolean greeted = lines.stream().anyMatch(line -> line.text().contains("\"initialize\""));
        if (argv.contains("--input-format stream-json") && !greeted) {
            own("\"initialize\"", "hello", NOBODY);
            steps.add(new Step.Answer(
                    "hello",
                    "{\"type\":\"control_response\",\"response\":{\"subtype\":\"success\",\"request_id\":\"",
                    "\"}}"));
        }
    }

    private void step(int at) {
        String text = lines.get(at).text();
        switch (lines.get(at).direction()) {
            case "out" -> said(text);
            case "err" -> steps.add(new Step.Line(Channel.STDERR, text));
            case "exit" -> {
                if (text.matches("-?\\d+")) {
                    int code = Integer.parseInt(text);
                    exit = code < 0 ? 128 - code : code;
                }
            }
            case "in" -> {
                if (text.equals("<EOF>")) {
                    steps.add(new Step.EndOfInput());
                } else if (text.startsWith("<SIG")) {
                    steps.add(new Step.Signal(text.substring(4, text.length() - 1)));
                } else {
                    text.lines().forEach(line -> heard(line, at));
                }
            }
            default -> throw new IllegalArgumentException(lines.get(at).direction());
        }
    }

    private void said(String line) {
        JsonNode json = MessageText.parse(line);
        String id = json == null
                ? ""
                : json.at(claude ? "/response/request_id" : "/id").asText();
        if (json != null && !json.has("method") && ownIds.contains(id)) {
            String[] parts = line.split(claude ? "\"" + id + "\"" : "\"id\":" + id, 2);
            String before = claude ? "\"" : "\"id\":\"";
            steps.add(new Step.Answer(id, parts[0] + before, "\"" + parts[1]));
            return;
        }
        steps.add(new Step.Line(Channel.STDOUT, line));
        boolean end = json != null
                && (json.path("type").asText().equals("result")
                        || json.path("method").asText().equals("turn/completed"));
        if (end) {
            completed++;
            underWay = false;
        } else if (line.startsWith("{\"type\":\"system\",\"subtype\":\"init\"")) {
            underWay = true;
        }
    }

    private void heard(String line, int at) {
        JsonNode json = MessageText.parse(line);
        if (json == null) {
            return; // no runner says such a thing
        }
        if (claude) {
            heardByClaude(line, json, lines.get(at + 1).text().equals("<EOF>"));
        } else {
            heardByCodex(line, json);
        }
    }

    private void heardByClaude(String line, JsonNode json, boolean last) {
        String id = json.path("request_id").asText();
        Step.Act act = agent -> agent.sendJson(line);
        switch (json.at("/request/subtype").asText()) {
            case "initialize" -> own("\"initialize\"", id, NOBODY);
            // With the end of input it is how the runner stops an agent.
            case "interrupt" ->
                own("\"interrupt\"", id, last ? NOBODY : agent -> agent.agent().interrupt());
            case "" -> {
                boolean words = json.path("type").asText().equals("user");
                underWay |= words;
                steps.add(new Step.Heard(words ? "\"user\"" : "\"control_response\"", "", act));
            }
            default -> steps.add(new Step.Heard("\"" + id + "\"", "", act));
        }
    }

    private void heardByCodex(String line, JsonNode json) {
        String id = json.path("id").asText();
        String method = json.path("method").asText();
        if (json.has("result")) {
            steps.add(new Step.Heard("\"result\"", "", agent -> agent.sendJson(line)));
        } else if (lines.stream().noneMatch(answer -> answer.text().startsWith("{\"id\":" + id + ",\"result\""))) {
            return; // a misuse that no runner tries, or no request
        } else if (method.startsWith("turn/st")) { // turn/steer is turn/start for the runner
            String words = json.at("/params/input/0/text").asText();
            underWay = true;
            own("\"turn/start\"", id, agent -> agent.agent().send(new UserMessage.Text(words)));
        } else {
            resumed =
                    method.equals("thread/resume") ? json.at("/params/threadId").asText() : resumed;
            boolean interrupts = method.equals("turn/interrupt");
            own("\"" + method + "\"", id, interrupts ? agent -> agent.agent().interrupt() : NOBODY);
        }
    }

    private void own(String words, String id, Step.Act act) {
        ownIds.add(id);
        steps.add(new Step.Heard(words, id, act));
    }

    /** What reaches the server on a channel. */
    List<String> texts(Channel channel) {
        return steps.stream()
                .filter(step -> step instanceof Step.Line line && line.channel() == channel)
                .map(step -> ((Step.Line) step).text())
                .toList();
    }
}
