package dev.vibe.runner.bootstrap;

import dev.vibe.runner.adapter.journal.JournalFolder;
import dev.vibe.runner.adapter.process.ProcessName;
import dev.vibe.runner.domain.EndpointId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One runner at a time for an endpoint and its state directory: two would answer for the same sessions, and only one could keep
 * what they say. Whoever comes second waits while the first shuts down, takes over from one whose launcher was killed (nobody
 * would start that again, and its sessions go on here), and else gives up. One that is for another server is another endpoint under the
 * same name: both run, and the second keeps in memory what waits.
 */
final class Tenancy {
    private static final Logger LOG = LoggerFactory.getLogger(Tenancy.class);
    private static final long PAUSE_MILLIS = 50;
    /** Beyond the first one's own deadline. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private final Path stateDirectory;
    private final EndpointId endpoint;
    private final String server;
    private final Duration patience;
    private final Optional<Long> launcher;

    /** Its message is for people. */
    static final class TakenException extends Exception {
        private static final long serialVersionUID = 1;

        TakenException(String message) {
            super(message);
        }
    }

    /**
     * @param server names the server; says nothing else
     * @param shutdown how long a runner may take to shut down
     * @param launcher the pid of the process that starts this one again when it dies; empty where none does
     */
    Tenancy(Path stateDirectory, EndpointId endpoint, String server, Duration shutdown, Optional<Long> launcher) {
        this.stateDirectory = stateDirectory;
        this.endpoint = endpoint;
        this.server = server;
        this.patience = shutdown.plus(MARGIN);
        this.launcher = launcher;
    }

    /** Says beside the lock who has it. Apart from {@link #take}, since a start waits for that. */
    void tell(JournalFolder folder) {
        long pid = ProcessHandle.current().pid();
        String supervisor = launcher.filter(of -> of != pid).map(Tenancy::name).orElse("-");
        folder.tell(name(pid) + " " + supervisor + " " + server);
    }

    private static String name(long pid) {
        return ProcessName.of(pid).map(ProcessName::toString).orElse(Long.toString(pid));
    }

    static Tenancy of(RunnerSettings settings) {
        return new Tenancy(
                settings.stateDirectory(),
                new EndpointId(settings.endpointId()),
                Integer.toHexString(settings.serverUrl().hashCode()),
                settings.shutdown(),
                Optional.ofNullable(Long.getLong("vibe.launcher")));
    }

    /**
     * Takes the endpoint's folder. Blocks while another runner has it, within limits.
     *
     * @return null where it, or the state directory, cannot be used, which has been logged
     * @throws TakenException where another runner keeps it
     */
    @Nullable
    JournalFolder take() throws TakenException {
        try {
            JournalFolder folder = JournalFolder.take(stateDirectory, endpoint);
            return folder == null ? await() : folder;
        } catch (IOException unusable) {
            DeliveryModule.warn(stateDirectory, unusable);
            return null;
        }
    }

    private @Nullable JournalFolder await() throws IOException, TakenException {
        ProcessSignals.hear((_, _, _) -> Runtime.getRuntime().halt(ExitCode.OK.number())); // nothing has begun
        long begin = System.nanoTime();
        boolean said = false;
        while (System.nanoTime() - begin < patience.toNanos()) {
            List<ProcessName> holder = holder();
            boolean lives = !holder.isEmpty() && holder.getFirst().lives();
            boolean orphan = holder.size() == 2 && !holder.getLast().lives();
            if (lives && isForAnotherServer()) {
                LOG.warn(
                        "{} for another server: what waits for this one is kept in memory and does not survive a crash; another VIBE_ENDPOINT_ID or VIBE_STATE_DIR keeps them apart",
                        taken(holder));
                return null;
            }
            if (lives && orphan) {
                LOG.warn(
                        "the runner that has this endpoint (process {}) has lost its launcher, which was killed: ending it, and going on with its sessions",
                        holder.getFirst().pid());
                holder.getFirst().kill();
            } else if (!said) {
                said = true;
                LOG.warn("{}: waiting for its end, for {} s at most", taken(holder), patience.toSeconds());
            }
            sleep();
            JournalFolder folder = JournalFolder.take(stateDirectory, endpoint);
            if (folder != null) {
                return folder;
            }
        }
        throw new TakenException(taken(holder()) + "; end it first, or give this one another VIBE_ENDPOINT_ID");
    }

    private String taken(List<ProcessName> holder) {
        String who = holder.isEmpty() ? "" : " (process " + holder.getFirst().pid() + ")";
        return "another runner of endpoint " + endpoint.value() + who + " runs with the state directory "
                + stateDirectory;
    }

    private boolean isForAnotherServer() {
        String[] told = JournalFolder.holder(stateDirectory, endpoint).split(" ", -1);
        return told.length == 3 && !told[2].equals(server);
    }

    /** The runner, and its launcher where it has one. */
    private List<ProcessName> holder() {
        return List.of(JournalFolder.holder(stateDirectory, endpoint).split(" ", -1)).stream()
                .map(ProcessName::parse)
                .flatMap(name -> Optional.ofNullable(name).stream())
                .toList();
    }

    private static void sleep() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
