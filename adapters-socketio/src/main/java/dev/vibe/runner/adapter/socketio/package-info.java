/** The Socket.IO transport: one connection at a time, events straight through, bounded both ways. */
@NullMarked
package dev.vibe.runner.adapter.socketio;

import org.jspecify.annotations.NullMarked;
