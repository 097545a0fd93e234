/** An example: a transport over plain TCP, in docs/add-a-transport.md. */
@org.jspecify.annotations.NullMarked
package dev.vibe.runner.adapter.tcp;
