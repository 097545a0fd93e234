package dev.vibe.runner.application.port.out;

import dev.vibe.runner.domain.OutputLine;
import java.util.List;

/** Takes what an agent says, see {@link RunningAgent#carry}. */
@FunctionalInterface
public interface LineSink {
    /**
     * Takes lines, one or several, in order. May wait, which slows the agent down.
     *
     * @param lines the caller's own: not to be kept or changed
     */
    void accept(List<OutputLine> lines) throws InterruptedException;
}
