package dev.vibe.runner.planted.application;

import com.fasterxml.jackson.core.JsonFactory;

/** Breaks a rule on purpose: see ArchitectureTest. */
public final class ApplicationThatSpeaksJson {
    final JsonFactory json = new JsonFactory();
}
