/** A vibe-server for one machine: for first runs, development and tests. Behaves towards runners as the real one does. */
@NullMarked
package dev.vibe.runner.localserver;

import org.jspecify.annotations.NullMarked;
