/** What adapters and bootstrap may ask of the application. */
@NullMarked
package dev.vibe.runner.application.port.in;

import org.jspecify.annotations.NullMarked;
