package dev.vibe.runner.planted.domain;

import dev.vibe.runner.planted.application.ApplicationThatSpeaksJson;

/** Breaks a rule on purpose: see ArchitectureTest. */
public final class DomainThatKnowsTheApplication {
    final ApplicationThatSpeaksJson application = new ApplicationThatSpeaksJson();
}
