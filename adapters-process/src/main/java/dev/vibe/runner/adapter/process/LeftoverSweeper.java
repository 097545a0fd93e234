package dev.vibe.runner.adapter.process;

import dev.vibe.runner.domain.EndpointId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what an earlier runner of the same endpoint left running when it died. Only processes that carry this endpoint's mark
 * made by a runner that no longer lives; another runner's at work, and everyone else's, are never touched.
 */
public final class LeftoverSweeper {
    private static final Logger LOG = LoggerFactory.getLogger(LeftoverSweeper.class);
    private static final Duration GRACE = Duration.ofMillis(500);
    private static final Duration BOUND = Duration.ofSeconds(5);
    private static final long PAUSE_MILLIS = 25;

    private final ProcFs proc;

    /** Looks at this machine's processes; where the system has no {@code /proc} it finds nothing. */
    public LeftoverSweeper() {
        this(new ProcFs());
    }

    LeftoverSweeper(ProcFs proc) {
        this.proc = proc;
    }

    /**
     * Ends the leftovers: SIGTERM, then SIGKILL. Blocks for some milliseconds when there are none, for 5 s at most.
     *
     * @return descriptions of what was found, for the log; of those that would not go with a remark
     * @throws InterruptedException when interrupted while waiting for them to go
     */
    public List<String> sweep(EndpointId endpoint) throws InterruptedException {
        String prefix = Mark.prefix(endpoint);
        Supplier<List<ProcessStat>> look = () -> leftovers(prefix);
        List<ProcessStat> found = look.get();
        Signals signals = new Signals(proc);
        found.forEach(signals::terminate);
        List<ProcessStat> left = found;
        long start = System.nanoTime();
        while (!left.isEmpty() && System.nanoTime() - start < BOUND.toNanos()) {
            Thread.sleep(PAUSE_MILLIS);
            left = look.get();
            if (System.nanoTime() - start > GRACE.toNanos()) {
                left.forEach(signals::kill);
            }
        }
        List<String> report = new ArrayList<>();
        for (ProcessStat process : found) {
            boolean stayed = left.stream().anyMatch(process::same);
            report.add("process " + process.pid() + " (" + process.name() + ")" + (stayed ? " would not go" : ""));
        }
        if (!report.isEmpty()) {
            LOG.info("ended what an earlier runner of this endpoint had left: {}", report);
        }
        return report;
    }

    private List<ProcessStat> leftovers(String prefix) {
        List<ProcessStat> found = new ArrayList<>();
        for (ProcessStat stat : proc.processes()) {
            if (!stat.alive() || stat.pid() == ProcessHandle.current().pid()) {
                continue;
            }
            String mark = proc.markOf(stat.pid());
            if (mark != null && mark.startsWith(prefix) && orphaned(new Mark(mark))) {
                found.add(stat);
            }
        }
        return found;
    }

    private boolean orphaned(Mark mark) {
        if (mark.runnerPid() < 0) {
            return false;
        }
        ProcessStat runner = proc.process(mark.runnerPid());
        return runner == null || !runner.alive() || runner.startTicks() != mark.runnerStartTicks();
    }
}
