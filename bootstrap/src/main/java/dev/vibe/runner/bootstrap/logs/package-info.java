/** Reads the runner's log. */
@NullMarked
package dev.vibe.runner.bootstrap.logs;

import org.jspecify.annotations.NullMarked;
