/** Conversations with a real server, recorded frame by frame, and a server that plays them to an adapter again. */
@NullMarked
package dev.vibe.runner.testkit.recorded;

import org.jspecify.annotations.NullMarked;
