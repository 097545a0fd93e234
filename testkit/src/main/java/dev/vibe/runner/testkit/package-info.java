/** Contract suites for the ports, fakes held to them, and the servers tests talk to. */
@NullMarked
package dev.vibe.runner.testkit;

import org.jspecify.annotations.NullMarked;
