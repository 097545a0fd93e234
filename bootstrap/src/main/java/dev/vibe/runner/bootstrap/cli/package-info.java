/** The command line: everything but the plain run, which must not load any of it. */
@NullMarked
package dev.vibe.runner.bootstrap.cli;

import org.jspecify.annotations.NullMarked;
