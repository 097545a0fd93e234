package dev.vibe.runner.planted.adapter.one;

import com.google.inject.AbstractModule;

/** Breaks a rule on purpose: see ArchitectureTest. */
public final class AdapterThatKnowsGuice {
    final AbstractModule module = new AbstractModule() {};
}
