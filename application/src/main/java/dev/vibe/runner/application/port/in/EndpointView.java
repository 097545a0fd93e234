package dev.vibe.runner.application.port.in;

import dev.vibe.runner.domain.AgentInfo;
import dev.vibe.runner.domain.EndpointId;
import java.time.Instant;
import java.util.List;

/**
 * An endpoint at one moment.
 *
 * @param startedAt when this process of it began
 * @param maxSessions how many sessions may run at once
 * @param agents found on this machine
 * @param totals since this process began
 * @param sessions those that hold a slot, oldest first
 */
public record EndpointView(
        EndpointId id,
        Instant startedAt,
        int maxSessions,
        List<AgentInfo> agents,
        ConnectionView connection,
        DeliveryView delivery,
        Totals totals,
        List<SessionView> sessions) {

    /**
     * What was carried by all sessions, ended ones too.
     *
     * @param lines that agents wrote for the server
     * @param bytes of these lines; a character counts as one
     */
    public record Totals(long lines, long bytes) {}
}
