package dev.vibe.runner.planted.adapter.one;

import jdk.jfr.Event;

/** Breaks a rule on purpose. */
final class AdapterThatKnowsTheRecorder extends Event {}
