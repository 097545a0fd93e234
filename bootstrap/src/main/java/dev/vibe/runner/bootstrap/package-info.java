/** {@code main}, settings, logs, and the wiring of it all with Guice. */
@NullMarked
package dev.vibe.runner.bootstrap;

import org.jspecify.annotations.NullMarked;
