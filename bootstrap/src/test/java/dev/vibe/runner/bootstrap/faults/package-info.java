/** The packaged runner while everything around it breaks: network, server, disk, and its own process. */
@NullMarked
package dev.vibe.runner.bootstrap.faults;

import org.jspecify.annotations.NullMarked;
