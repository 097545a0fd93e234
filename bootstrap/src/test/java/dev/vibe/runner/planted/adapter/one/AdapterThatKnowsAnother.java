package dev.vibe.runner.planted.adapter.one;

import dev.vibe.runner.planted.adapter.two.AdapterThatKnowsTheSocket;

/** Breaks a rule on purpose: see ArchitectureTest. */
public final class AdapterThatKnowsAnother {
    final AdapterThatKnowsTheSocket other = new AdapterThatKnowsTheSocket();
}
