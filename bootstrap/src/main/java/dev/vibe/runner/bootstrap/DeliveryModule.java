package dev.vibe.runner.bootstrap;

import com.google.inject.AbstractModule;
import com.google.inject.Provider;
import com.google.inject.Scopes;
import dev.vibe.runner.adapter.journal.DiskSpool;
import dev.vibe.runner.adapter.journal.JournalFolder;
import dev.vibe.runner.application.FairOutbox;
import dev.vibe.runner.application.MemorySpool;
import dev.vibe.runner.application.OutboxLimits;
import dev.vibe.runner.application.port.out.Outbox;
import dev.vibe.runner.application.port.out.SessionStore;
import dev.vibe.runner.application.port.out.Spool;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where what sessions say waits for the server: on disk, or in memory where the disk cannot be used. */
final class DeliveryModule extends AbstractModule {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryModule.class);
    private static final long MEMORY_BYTES = 16_000_000;

    private final RunnerSettings settings;
    private final @Nullable JournalFolder folder;

    /** @param folder null where there is none that can be used */
    DeliveryModule(RunnerSettings settings, @Nullable JournalFolder folder) {
        this.settings = settings;
        this.folder = folder;
    }

    /** The two faces of one place. */
    private record Place(Spool spool, SessionStore store) {}

    @Override
    protected void configure() {
        Provider<Place> place = getProvider(Place.class);
        bind(Place.class).toProvider(this::place).in(Scopes.SINGLETON);
        bind(Outbox.class)
                .toProvider(() -> new FairOutbox(place.get().spool(), OutboxLimits.DEFAULT))
                .in(Scopes.SINGLETON);
        bind(SessionStore.class).toProvider(() -> place.get().store());
    }

    private Place place() {
        if (folder != null) {
            try {
                DiskSpool disk = DiskSpool.open(folder, settings.outboxMaxMegabytes() * 1_000_000L);
                return new Place(disk, disk);
            } catch (IOException unusable) {
                warn(settings.stateDirectory(), unusable);
            }
        }
        return new Place(new MemorySpool(MEMORY_BYTES), SessionStore.none());
    }

    /** Says what it means that nothing can be kept there. */
    static void warn(Path stateDirectory, IOException unusable) {
        LOG.warn(
                "the state directory \"{}\" cannot be used ({}): what waits for the server is kept in memory, {} MB at"
                        + " most, and does not survive a crash; VIBE_STATE_DIR names another",
                stateDirectory,
                unusable.toString(),
                MEMORY_BYTES / 1_000_000);
    }
}
