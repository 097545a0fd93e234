package dev.vibe.runner.planted.bootstrap;

import dev.vibe.runner.planted.bootstrap.cli.PlantedCommand;
import picocli.CommandLine;

/** Breaks two rules on purpose. */
final class RunThatKnowsACommand {
    static final Class<?> WRONG = PlantedCommand.class;
    static final Class<?> WRONG_TOO = CommandLine.class;

    private RunThatKnowsACommand() {}
}
