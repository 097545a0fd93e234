package dev.vibe.runner.testkit.model;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a user's message asks the model server to do. At most one a message, anywhere in it, up to the message's last
 * {@code ]}:
 *
 * <ul>
 *   <li>{@code [TOOL:cmd]}: run the shell command, then say what it gave
 *   <li>{@code [WRITE:file]}: write the file {@code file}, then say what that gave
 *   <li>{@code [SLOW:n:ms]}: say {@code n} words with {@code ms} milliseconds before each
 *   <li>{@code [BIG:bytes]}: say that many bytes
 *   <li>{@code [ERROR:status]} or {@code [ERROR:status:times]}: answer with that HTTP status, always or so many times
 *   <li>{@code [HANG]}: never answer
 *   <li>nothing of the kind: {@code echo: <text> (messages=N)}
 * </ul>
 */
sealed interface Directive {
    Pattern SYNTAX = Pattern.compile("\\[(TOOL|WRITE|SLOW|BIG|ERROR|HANG)(?::(.*))?]", Pattern.DOTALL);

    record Echo() implements Directive {}

    record Tool(String command) implements Directive {}

    record Write(String file) implements Directive {}

    record Slow(int words, Duration pause) implements Directive {}

    record Big(int bytes) implements Directive {}

    record Fail(int status, int times) implements Directive {}

    record Hang() implements Directive {}

    /** Reads a user's message; a directive with senseless numbers throws {@link NumberFormatException}. */
    static Directive of(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.find()) {
            return new Echo();
        }
        String rest = matcher.group(2) == null ? "" : matcher.group(2);
        String[] parts = rest.split(":", 2);
        return switch (matcher.group(1)) {
            case "TOOL" -> new Tool(rest);
            case "WRITE" -> new Write(rest);
            case "SLOW" -> new Slow(Integer.parseInt(parts[0]), Duration.ofMillis(Long.parseLong(parts[1])));
            case "BIG" -> new Big(Integer.parseInt(rest));
            case "ERROR" ->
                new Fail(
                        Integer.parseInt(parts[0]), parts.length == 1 ? Integer.MAX_VALUE : Integer.parseInt(parts[1]));
            default -> new Hang();
        };
    }
}
