/** An example: an agent as a process, in docs/add-an-agent.md. */
@org.jspecify.annotations.NullMarked
package dev.vibe.runner.adapter.process.parrot;
