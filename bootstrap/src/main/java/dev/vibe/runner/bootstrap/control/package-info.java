/** Opens what others may look through into the running runner. */
@NullMarked
package dev.vibe.runner.bootstrap.control;

import org.jspecify.annotations.NullMarked;
