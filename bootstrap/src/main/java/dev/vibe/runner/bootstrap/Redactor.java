package dev.vibe.runner.bootstrap;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes known secrets out of text, wherever they come from: a library's message, a server's answer. Thread-safe. */
final class Redactor {
    /** Shorter ones would blank out ordinary words. */
    private static final int MIN_LENGTH = 4;

    /** Where a long text was cut. */
    private static final String CUT = "...";

    /** Of tokens that are renewed, the last ones can still be met. */
    private static final int MOST_LEARNED = 16;

    private final int first;
    private final List<String> secrets = new CopyOnWriteArrayList<>();

    Redactor(List<Secret> secrets) {
        secrets.stream()
                .map(Secret::value)
                .filter(value -> value.length() >= MIN_LENGTH)
                .distinct()
                .forEach(this.secrets::add);
        first = this.secrets.size();
    }

    /** One more, from now on; the oldest is forgotten where there are too many to look for in each line. */
    synchronized void learn(Secret secret) {
        String value = secret.value();
        if (value.length() < MIN_LENGTH || secrets.contains(value)) {
            return;
        }
        secrets.add(value);
        if (secrets.size() > first + MOST_LEARNED) {
            secrets.remove(first);
        }
    }

    String redact(String text) {
        String clean = text;
        for (String secret : secrets) {
            clean = withoutBeginning(clean.replace(secret, Secret.MASK), secret);
        }
        return clean;
    }

    /** A text may have been cut in the middle of a secret, whose beginning would tell too much. */
    private static String withoutBeginning(String text, String secret) {
        int cut = text.indexOf(CUT);
        if (cut < 0) {
            return text;
        }
        StringBuilder clean = new StringBuilder(text.length());
        int from = 0; // what is not in "clean" yet
        for (; cut >= 0; cut = text.indexOf(CUT, cut + CUT.length())) {
            int begin = cut - beginningBefore(text, from, cut, secret);
            if (begin < cut) {
                clean.append(text, from, begin).append(Secret.MASK);
                from = cut;
            }
        }
        return clean.append(text, from, text.length()).toString();
    }

    /** How much of the secret's beginning stands right before the cut. */
    private static int beginningBefore(String text, int from, int cut, String secret) {
        for (int length = Math.min(secret.length() - 1, cut - from); length >= MIN_LENGTH; length--) {
            if (text.regionMatches(cut - length, secret, 0, length)) {
                return length;
            }
        }
        return 0;
    }
}
