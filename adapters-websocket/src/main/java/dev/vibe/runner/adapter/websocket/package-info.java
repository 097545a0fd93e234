/** The server over plain WebSocket, see docs/websocket-protocol.md. */
@org.jspecify.annotations.NullMarked
package dev.vibe.runner.adapter.websocket;
