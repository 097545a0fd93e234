/** Puts what happens into a flight recording of the Java runtime. */
@NullMarked
package dev.vibe.runner.adapter.jfr;

import org.jspecify.annotations.NullMarked;
