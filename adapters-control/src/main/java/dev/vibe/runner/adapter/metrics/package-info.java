/** Health and metrics over HTTP, for those who watch over many runners. */
@NullMarked
package dev.vibe.runner.adapter.metrics;

import org.jspecify.annotations.NullMarked;
