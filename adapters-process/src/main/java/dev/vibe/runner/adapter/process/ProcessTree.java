package dev.vibe.runner.adapter.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All processes of one agent: the main one, its session and group, its descendants, and whatever carries its mark though
 * it left all of these (a double fork, a daemon). A process once recognised stays known by pid and start time while it, or
 * something in its session or group, is seen.
 *
 * <p>Why not the JDK's {@code descendants()} or a group's kill alone: measured, the first misses the orphan and the
 * daemon, the second the daemon; what carries the mark is found wherever it went.
 */
final class ProcessTree {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(4);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);
    /** More than a pause and a look take, unless this machine was paused: then nobody had time to go. */
    private static final Duration LONGEST_ROUND = Duration.ofMillis(200);

    private static final int MILLIS_PER_TICK = 10;
    /** The start time of a process that nobody has seen: before any other's. */
    private static final long GONE = -1;

    private final ProcessTable table;
    private final Signals signals;
    private final String mark;
    /** When the main process was started: nothing that is older can be the agent's. */
    private final long notBefore;

    // All below: guarded by this.
    /** Pid to start time of what was recognised, and is there or leads something that is. */
    private final Map<Long, Long> known = new HashMap<>();
    /** Those of them that were in the latest look no more. */
    private Set<Long> missing = Set.of();

    private ProcessTable.@Nullable Look latest;

    /** To be made when the main process was just started. */
    ProcessTree(ProcessTable table, long mainPid, Mark mark) {
        this.table = table;
        this.signals = new Signals(table.proc());
        this.mark = mark.value();
        ProcessStat main = table.proc().process(mainPid);
        // One that is gone already still names the session and the group of what it left.
        long start = main == null ? GONE : main.startTicks();
        known.put(mainPid, start);
        notBefore = start;
    }

    /** Looks around, remembers, and returns what lives. Worth a call before the main process is asked to go. */
    List<ProcessStat> members() {
        return recognise(table.look());
    }

    /** What all of them have used, of the dead ones what their parents inherited; null where nothing can be seen. */
    @Nullable
    Duration cpuTime() {
        List<ProcessStat> living = recognise(table.recentLook());
        return living.isEmpty()
                ? null
                : Duration.ofMillis(
                        living.stream().mapToLong(ProcessStat::cpuTicks).sum() * MILLIS_PER_TICK);
    }

    /** What all of them hold now; null where nothing can be seen. */
    @Nullable
    Long memoryBytes() {
        List<ProcessStat> living = recognise(table.recentLook());
        return living.isEmpty()
                ? null
                : living.stream()
                        .mapToLong(process -> table.proc().residentBytes(process.pid()))
                        .sum();
    }

    private synchronized List<ProcessStat> recognise(ProcessTable.Look look) {
        List<ProcessStat> all = new ArrayList<>();
        for (ProcessStat stat : look.processes()) {
            if (stat.startTicks() >= notBefore
                    && stat.pid() != ProcessHandle.current().pid()) {
                all.add(stat);
            }
        }
        Set<Long> foreignLeaders = new HashSet<>();
        Set<Long> ours = new HashSet<>();
        for (ProcessStat stat : all) {
            Long knownStart = known.get(stat.pid());
            if (knownStart != null && knownStart != stat.startTicks()) {
                // The pid was given to someone else, which proves that nobody of the old session is left.
                foreignLeaders.add(stat.pid());
            } else if (knownStart != null || mark.equals(look.markOf(stat.pid()))) {
                ours.add(stat.pid());
            }
        }
        foreignLeaders.forEach(known::remove);
        boolean grew = true;
        while (grew) {
            grew = false;
            for (ProcessStat stat : all) {
                if (!ours.contains(stat.pid()) && belongs(stat, ours, look) && !foreignLeaders.contains(stat.pid())) {
                    ours.add(stat.pid());
                    grew = true;
                }
            }
        }
        List<ProcessStat> living = new ArrayList<>();
        for (ProcessStat stat : all) {
            if (ours.contains(stat.pid())) {
                known.put(stat.pid(), stat.startTicks());
                if (stat.alive()) {
                    living.add(stat);
                }
            }
        }
        if (look != latest && !look.processes().isEmpty()) {
            latest = look;
            forgetGone(all, ours);
        }
        return living;
    }

    /**
     * A pid that is free is given to others, whose sessions must not be taken for the agent's. Only at the second look: what
     * a leader leaves may have come after its place in the first.
     */
    private void forgetGone(List<ProcessStat> all, Set<Long> ours) {
        Set<Long> gone = new HashSet<>(known.keySet());
        for (ProcessStat stat : all) {
            if (ours.contains(stat.pid())) {
                gone.removeAll(List.of(stat.pid(), stat.session(), stat.group()));
            }
        }
        for (long pid : gone) {
            if (missing.contains(pid)) {
                known.remove(pid);
            }
        }
        gone.retainAll(known.keySet());
        missing = gone;
    }

    /** A session or group bears its leader's pid, and the kernel gives that pid to nobody while a member lives. */
    private boolean belongs(ProcessStat stat, Set<Long> ours, ProcessTable.Look look) {
        return ours.contains(stat.parent())
                || ours.contains(stat.session())
                || ours.contains(stat.group())
                || (ledByGone(stat) && !markedOtherwise(stat, look));
    }

    private boolean ledByGone(ProcessStat stat) {
        return known.containsKey(stat.session()) || known.containsKey(stat.group());
    }

    /** Between two looks a pid may have been given to another, and that one have gone too. */
    private boolean markedOtherwise(ProcessStat stat, ProcessTable.Look look) {
        String other = look.markOf(stat.pid());
        return other != null && !other.equals(mark);
    }

    /** One round of SIGKILL for all that can be seen. */
    void killNow() {
        members().forEach(signals::kill);
    }

    /**
     * Ends everything: SIGTERM, after {@code grace} SIGKILL, again and again until nothing is seen twice in a row.
     *
     * @param bound when to give up; as with the grace, pauses of this machine do not count
     * @return what refused to go
     */
    List<ProcessStat> end(Duration grace, Duration bound) throws InterruptedException {
        AwakeTime awake = new AwakeTime(LONGEST_ROUND, System.nanoTime());
        Set<Long> asked = new HashSet<>();
        Duration pause = FIRST_PAUSE;
        boolean wasEmpty = false;
        while (true) {
            List<ProcessStat> living = members();
            if (living.isEmpty() && wasEmpty) {
                return living;
            }
            long elapsed = awake.passed(System.nanoTime());
            if (elapsed > bound.toNanos()) {
                return living;
            }
            for (ProcessStat process : living) {
                if (elapsed >= grace.toNanos()) {
                    signals.kill(process);
                } else if (asked.add(process.pid())) {
                    signals.terminate(process);
                }
            }
            if (!living.isEmpty()) {
                Thread.sleep(pause);
                pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : pause;
            }
            wasEmpty = living.isEmpty();
        }
    }
}
