package dev.vibe.runner.bootstrap.faults;

import java.util.Map;

/** Over Socket.IO. */
class LinkFaultsTest extends LinkFaults {
    LinkFaultsTest() {
        super("", Map.of());
    }
}
