/** Shows the running runner to its owner through a Unix socket. Nothing is read from it. */
@NullMarked
package dev.vibe.runner.adapter.control;

import org.jspecify.annotations.NullMarked;
