package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A process that only remembers what a dialect does to it. */
final class FakeHost implements Dialect.Host, Stdin {
    final List<String> written = new ArrayList<>();
    final List<String> said = new ArrayList<>();
    final List<String> passed = new ArrayList<>();
    final List<String> failures = new ArrayList<>();
    boolean ready;

    @Override
    public Stdin stdin() {
        return this;
    }

    @Override
    public void ready() {
        ready = true;
    }

    @Override
    public void handshakeFailed(String reason) {
        failures.add(reason);
    }

    @Override
    public void say(String text) {
        said.add(text);
    }

    @Override
    public void pass(String line) {
        passed.add(line);
    }

    @Override
    public void write(String line) {
        if (line.indexOf('\n') >= 0) {
            throw new AssertionError("more than one line: " + line);
        }
        written.add(line);
    }

    @Override
    public boolean offer(String line) {
        write(line);
        return true;
    }

    JsonNode last() throws JsonProcessingException {
        return Json.read(written.getLast());
    }
}
