package dev.vibe.runner.planted.bootstrap.cli;

/** Is known by one that must not. */
public final class PlantedCommand {
    private PlantedCommand() {}
}
