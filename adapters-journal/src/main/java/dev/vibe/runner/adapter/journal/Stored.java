package dev.vibe.runner.adapter.journal;

import dev.vibe.runner.domain.SessionEvent;

/**
 * An event that is on disk.
 *
 * @param bytes how long its record is there
 */
record Stored(SessionEvent event, int bytes) {}
