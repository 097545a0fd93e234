/** The built distribution, started as users start it, against a real Socket.IO server and with the real agents. */
@NullMarked
package dev.vibe.runner.bootstrap.e2e;

import org.jspecify.annotations.NullMarked;
