package dev.vibe.runner.planted.protocol;

import dev.vibe.runner.planted.application.ApplicationThatSpeaksJson;

/** Breaks a rule on purpose: see ArchitectureTest. */
public final class ProtocolThatKnowsTheApplication {
    final ApplicationThatSpeaksJson application = new ApplicationThatSpeaksJson();
}
