/** What the application asks of the world: transports, agents. */
@NullMarked
package dev.vibe.runner.application.port.out;

import org.jspecify.annotations.NullMarked;
