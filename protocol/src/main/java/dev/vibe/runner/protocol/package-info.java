/** The vibe-server protocol: names of events and their JSON, in one spelling for every transport and test server. */
@NullMarked
package dev.vibe.runner.protocol;

import org.jspecify.annotations.NullMarked;
