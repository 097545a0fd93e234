/** Shows a recorded session for reading. */
@NullMarked
package dev.vibe.runner.bootstrap.replay;

import org.jspecify.annotations.NullMarked;
