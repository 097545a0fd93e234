/** The scripted agent's own program. It runs in a process of its own and knows nothing of the runner. */
@NullMarked
package dev.vibe.runner.adapter.process.scripted;

import org.jspecify.annotations.NullMarked;
