package dev.vibe.runner.planted.adapter.one;

import dev.vibe.runner.planted.application.ApplicationThatSpeaksJson;

/** Breaks a rule on purpose: see ArchitectureTest. */
public final class AdapterThatKnowsTheApplication {
    final ApplicationThatSpeaksJson application = new ApplicationThatSpeaksJson();
}
