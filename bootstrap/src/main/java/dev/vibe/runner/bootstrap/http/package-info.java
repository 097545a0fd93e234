/** Health and metrics, loaded only where VIBE_HTTP_PORT is set. */
@NullMarked
package dev.vibe.runner.bootstrap.http;

import org.jspecify.annotations.NullMarked;
