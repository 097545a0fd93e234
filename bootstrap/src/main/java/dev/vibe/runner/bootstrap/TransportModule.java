package dev.vibe.runner.bootstrap;

import com.google.inject.AbstractModule;

/** The transport. */
final class TransportModule extends AbstractModule {
    TransportModule(RunnerSettings settings) {}
}
