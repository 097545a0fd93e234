@NullMarked
package dev.vibe.runner.adapter.process;

import org.jspecify.annotations.NullMarked;
