@NullMarked
package dev.vibe.runner.testkit.model;

import org.jspecify.annotations.NullMarked;
