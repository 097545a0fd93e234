package dev.vibe.runner.planted.application.port.out;

import dev.vibe.runner.planted.application.ApplicationThatSpeaksJson;

/** Breaks a rule on purpose: see ArchitectureTest. */
public final class PortThatKnowsTheApplication {
    final ApplicationThatSpeaksJson application = new ApplicationThatSpeaksJson();
}
