package dev.vibe.runner.bootstrap;

import java.util.List;

/** Some settings are wrong; the message says all of them. */
public final class InvalidSettingsException extends Exception {
    /** @param hints sentences on what may be the reason */
    InvalidSettingsException(List<String> problems, List<String> hints) {
        super(message(problems, hints), null, false, false);
    }

    private static String message(List<String> problems, List<String> hints) {
        String count = problems.size() == 1 ? "1 setting is wrong" : problems.size() + " settings are wrong";
        return count + ":\n  " + String.join("\n  ", problems)
                + (hints.isEmpty() ? "" : "\n" + String.join("\n", hints))
                + "\nvibe-runner --help lists all settings.";
    }
}
