package dev.vibe.runner.planted.application;

import dev.vibe.runner.planted.adapter.one.AdapterThatKnowsTheApplication;

/** Breaks a rule on purpose: see ArchitectureTest. */
public final class ApplicationThatKnowsAnAdapter {
    final AdapterThatKnowsTheApplication adapter = new AdapterThatKnowsTheApplication();
}
