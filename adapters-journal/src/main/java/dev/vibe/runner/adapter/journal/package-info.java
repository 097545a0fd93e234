/**
 * The outbox on disk. For each session segment files, whose names are its number and the logical offset at which they begin,
 * and whose headers say what the session is and how much has been confirmed.
 */
@NullMarked
package dev.vibe.runner.adapter.journal;

import org.jspecify.annotations.NullMarked;
