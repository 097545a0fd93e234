package dev.vibe.runner.planted.localserver;

import dev.vibe.runner.planted.bootstrap.BootstrapThatIsKnown;

/** Breaks a rule on purpose: see ArchitectureTest. */
public final class LocalServerThatKnowsTheRunner {
    final BootstrapThatIsKnown bootstrap = new BootstrapThatIsKnown();
}
