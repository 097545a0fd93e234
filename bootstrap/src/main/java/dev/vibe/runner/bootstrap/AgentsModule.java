package dev.vibe.runner.bootstrap;

import com.google.inject.AbstractModule;

/** The agents. */
final class AgentsModule extends AbstractModule {
    AgentsModule(RunnerSettings settings) {}
}
