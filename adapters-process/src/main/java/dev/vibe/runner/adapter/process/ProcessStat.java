package dev.vibe.runner.adapter.process;

import org.jspecify.annotations.Nullable;

/**
 * What {@code /proc/PID/stat} says. Pid and start time together name one process for ever: pids are used again.
 *
 * @param name the command's name, at most 15 characters, chosen by the process itself
 * @param state one letter, {@code Z} for a zombie
 * @param startTicks since boot, in units of 1/100 s
 * @param cpuTicks used by it and by those of its children that it has seen end, in the same unit
 */
record ProcessStat(
        long pid, String name, char state, long parent, long group, long session, long startTicks, long cpuTicks) {
    private static final int START_FIELD = 22;
    private static final int FIRST_FIELD_AFTER_NAME = 3;
    private static final int FIRST_CPU_FIELD = 14;
    private static final int CPU_FIELDS = 4;

    ProcessStat(long pid, String name, char state, long parent, long group, long session, long startTicks) {
        this(pid, name, state, parent, group, session, startTicks, 0);
    }

    /** False for what only waits to be reaped: it runs nothing and holds nothing. */
    boolean alive() {
        return state != 'Z' && state != 'X' && state != 'x';
    }

    boolean same(ProcessStat other) {
        return pid == other.pid && startTicks == other.startTicks;
    }

    /** Null where the text is not what Linux writes. The name may hold anything, even parentheses. */
    static @Nullable ProcessStat parse(String text) {
        int open = text.indexOf('(');
        int close = text.lastIndexOf(')');
        if (open < 1 || close < open || close + 2 >= text.length()) {
            return null;
        }
        String[] fields = text.substring(close + 2).strip().split(" ", -1);
        if (fields.length <= START_FIELD - FIRST_FIELD_AFTER_NAME) {
            return null;
        }
        try {
            long cpu = 0;
            for (int i = 0; i < CPU_FIELDS; i++) {
                cpu += Long.parseLong(fields[FIRST_CPU_FIELD - FIRST_FIELD_AFTER_NAME + i]);
            }
            return new ProcessStat(
                    Long.parseLong(text.substring(0, open).strip()),
                    text.substring(open + 1, close),
                    fields[0].charAt(0),
                    Long.parseLong(fields[1]),
                    Long.parseLong(fields[2]),
                    Long.parseLong(fields[3]),
                    Long.parseLong(fields[START_FIELD - FIRST_FIELD_AFTER_NAME]),
                    cpu);
        } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
            return null;
        }
    }
}
