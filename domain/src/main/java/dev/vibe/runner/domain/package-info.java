/**
 * Endpoints, sessions and messages, and the state machine of a session. Knows neither JSON nor processes nor sockets.
 */
@NullMarked
package dev.vibe.runner.domain;

import org.jspecify.annotations.NullMarked;
