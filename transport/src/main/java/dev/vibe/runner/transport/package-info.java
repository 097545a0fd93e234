/** What transports have in common: reconnection, flow control, dead links, proxies and certificates. Knows no wire. */
@org.jspecify.annotations.NullMarked
package dev.vibe.runner.transport;
