package dev.vibe.runner.bootstrap;

import java.util.List;

/** Some settings are wrong; the message says all of them. */
public final class InvalidSettingsException extends Exception {
    InvalidSettingsException(List<String> problems) {
        super(message(problems), null, false, false);
    }

    private static String message(List<String> problems) {
        String count = problems.size() == 1 ? "1 setting is wrong" : problems.size() + " settings are wrong";
        return count + ":\n  " + String.join("\n  ", problems) + "\nvibe-runner --help lists all settings.";
    }
}
