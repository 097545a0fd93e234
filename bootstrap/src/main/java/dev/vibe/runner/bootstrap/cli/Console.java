package dev.vibe.runner.bootstrap.cli;

import dev.vibe.runner.bootstrap.Places;
import dev.vibe.runner.bootstrap.SettingsReader;
import dev.vibe.runner.bootstrap.SettingsTable;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where a command reads and writes. */
record Console(Map<String, String> environment, PrintStream out, PrintStream err) {

    /** Where the runner that is asked about keeps its files; needs no other setting. */
    Path stateDirectory() {
        return new SettingsReader(environment)
                .read(SettingsTable.STATE_DIR)
                .orElse(Optional.empty())
                .orElseGet(() -> Places.stateDirectory(environment));
    }

    /** The log of the runner that is asked about; empty where it has none. */
    Optional<Path> logFile() {
        String setting =
                new SettingsReader(environment).read(SettingsTable.LOG_FILE).orElse("auto");
        return Places.logFile(setting, stateDirectory());
    }

    /** Says on stderr why a command cannot do its work. */
    int fail(String why) {
        err.println("vibe-runner: " + why);
        return FAILED;
    }

    static final int FAILED = 1;
}
