/** Sessions as the server's side leads them, and how the messages of the real agents read. */
@NullMarked
package dev.vibe.runner.testkit.talk;

import org.jspecify.annotations.NullMarked;
