package dev.vibe.runner.bootstrap;

import java.util.List;

/** Takes known secrets out of text, wherever they come from: a library's message, a server's answer. */
final class Redactor {
    /** Shorter ones would blank out ordinary words. */
    private static final int MIN_LENGTH = 4;

    private final List<String> secrets;

    Redactor(List<Secret> secrets) {
        this.secrets = secrets.stream()
                .map(Secret::value)
                .filter(value -> value.length() >= MIN_LENGTH)
                .toList();
    }

    String redact(String text) {
        String clean = text;
        for (String secret : secrets) {
            clean = clean.replace(secret, Secret.MASK);
        }
        return clean;
    }
}
