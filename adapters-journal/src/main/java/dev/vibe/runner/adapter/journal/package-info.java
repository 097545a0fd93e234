/**
 * The outbox on disk. A folder for each session; in it segments, whose names are the logical offsets at which they
 * begin, and small files that say how much has been confirmed and what the session is.
 */
@NullMarked
package dev.vibe.runner.adapter.journal;

import org.jspecify.annotations.NullMarked;
