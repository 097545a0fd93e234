/** Looks whether the runner would work here, and says what to do where it would not. */
@NullMarked
package dev.vibe.runner.bootstrap.doctor;

import org.jspecify.annotations.NullMarked;
