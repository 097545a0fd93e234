/** Tests of the E2B template: the requests that its build scripts send, and a container made from just these. */
@NullMarked
package dev.vibe.runner.e2b;

import org.jspecify.annotations.NullMarked;
