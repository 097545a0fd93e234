package dev.vibe.runner.planted.bootstrap;

/** Breaks a rule on purpose: see ArchitectureTest. */
public final class BootstrapThatIsKnown {
    final int ordinary = 1;
}
