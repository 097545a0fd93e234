package dev.vibe.runner.planted.adapter.one;

import dev.vibe.runner.planted.localserver.LocalServerThatKnowsTheRunner;

/** Breaks a rule on purpose: see ArchitectureTest. */
public final class AdapterThatKnowsTheLocalServer {
    final LocalServerThatKnowsTheRunner server = new LocalServerThatKnowsTheRunner();
}
