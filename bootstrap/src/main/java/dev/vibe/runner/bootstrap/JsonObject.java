package dev.vibe.runner.bootstrap;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** A flat JSON object of strings, written without a mapper: logging must not load one. */
final class JsonObject {
    private final StringBuilder out = new StringBuilder(200).append('{');

    JsonObject put(String name, String value) {
        if (out.length() > 1) {
            out.append(',');
        }
        quote(name);
        out.append(':');
        quote(value);
        return this;
    }

    private void quote(String text) {
        out.append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, out);
        out.append('"');
    }

    @Override
    public String toString() {
        return out + "}";
    }
}
