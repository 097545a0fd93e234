package dev.vibe.runner.planted.adapter.one;

import dev.vibe.runner.planted.bootstrap.BootstrapThatIsKnown;

/** Breaks a rule on purpose: see ArchitectureTest. */
public final class AdapterThatKnowsBootstrap {
    final BootstrapThatIsKnown bootstrap = new BootstrapThatIsKnown();
}
