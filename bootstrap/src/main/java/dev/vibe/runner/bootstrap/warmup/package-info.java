/** The other side of a {@code WarmUp}: a server of some lines, for this process only. */
@NullMarked
package dev.vibe.runner.bootstrap.warmup;

import org.jspecify.annotations.NullMarked;
