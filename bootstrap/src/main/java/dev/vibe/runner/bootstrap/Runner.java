package dev.vibe.runner.bootstrap;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.TypeLiteral;
import dev.vibe.runner.adapter.journal.JournalFolder;
import dev.vibe.runner.application.Endpoint;
import dev.vibe.runner.application.port.in.Inspection;
import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.bootstrap.control.ControlSocket;
import dev.vibe.runner.bootstrap.control.RecentProblems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires the runner, runs it, and waits for its end. */
final class Runner {
    /** Without one of these threads the runner would look alive and do nothing. */
    private static final Set<String> ESSENTIAL = Set.of("courier", "registration", "watchdog", "socketio", "websocket");

    /** A registration takes a fraction of this. */
    private static final Duration CALM = Duration.ofSeconds(1);

    private static final Path PROC = Path.of("/proc");

    private Runner() {}

    static ExitCode run(RunnerSettings settings) {
        BuildInfo build = BuildInfo.load();
        Redactor redactor = new Redactor(Secrets.neverLogged(settings));
        RecentProblems problems = new RecentProblems(redactor::redact);
        try (Logs logs = Logs.open(settings, redactor)) {
            logs.add(problems);
            Logger log = LoggerFactory.getLogger(Runner.class);
            log.info(
                    "vibe-runner {} is endpoint {} of {}",
                    build.version(),
                    settings.endpointId(),
                    settings.serverUrl());
            Running running;
            try {
                running = start(settings, build, redactor, log);
            } catch (Tenancy.TakenException taken) {
                log.error("{}", taken.getMessage());
                return ExitCode.TAKEN;
            } catch (RuntimeException | Error failed) {
                return unable(failed, log);
            }
            return untilDone(
                    running.shutdown(),
                    new ControlSocket(settings, build.version(), running.endpoint(), problems),
                    running.observers(),
                    running.endpoint());
        }
    }

    private record Running(Endpoint endpoint, Shutdown shutdown, List<Observer> observers) {}

    /** Returns when it has registered, or after a second. */
    private static Running start(RunnerSettings settings, BuildInfo build, Redactor redactor, Logger log)
            throws Tenancy.TakenException {
        StrangeSettings.in(settings.environment()).forEach(log::warn);
        // First of all: what follows begins what two runners must not do at once, and another's agents may become
        // leftovers by it.
        Tenancy tenancy = Tenancy.of(settings);
        JournalFolder folder = tenancy.take();
        // Beside each other: the connection, the look for leftovers, and the wiring.
        AuthToken token = new AuthToken(settings.token(), settings.tokenFile(), redactor::learn);
        EarlyTransport transport = EarlyTransport.over(() -> TransportModule.transport(settings, token));
        // Done before anything starts: agents of a runner that died must not go on beside those that take over.
        CompletableFuture<List<String>> swept = Leftovers.sweep(settings.endpointId(), () -> {
            if (folder != null) {
                tenancy.tell(folder);
            }
        });
        Shield shield = new Shield(Secrets.hiddenVariables(settings));
        List<Observer> observers = Observers.chosen(settings, build);
        Injector injector = Guice.createInjector(
                new ApplicationModule(settings, build, Observers.telemetry(observers), redactor),
                new DeliveryModule(settings, folder),
                new TransportModule(transport),
                new AgentsModule(settings, build, shield));
        Endpoint endpoint = injector.getInstance(Endpoint.class);
        Shutdown shutdown = new Shutdown(
                endpoint, settings.shutdown(), code -> Runtime.getRuntime().halt(code));
        Thread.setDefaultUncaughtExceptionHandler((thread, bug) -> {
            log.error("thread {} died", thread.getName(), bug);
            if (!WarmUp.underWay() && ESSENTIAL.contains(thread.getName())) {
                shutdown.give(ExitCode.INTERNAL, "the runner cannot go on without it; this is a bug of the runner");
            }
        });
        // Before anything is started that a signal, which else ends this process on the spot, would leave behind.
        ProcessSignals.hear(shutdown::signal);
        var _ = endpoint.rejected()
                .thenAccept(words -> shutdown.give(
                        ExitCode.REJECTED,
                        "the server refuses the token (" + words + "); check VIBE_AUTH_TOKEN, VIBE_SERVER_URL"));
        List<String> _ = swept.join();
        endpoint.start();
        awaitCalm(CompletableFuture.anyOf(transport.registered(), shutdown.done()));
        shield.raise();
        new SetupReport(settings, injector.getInstance(Key.get(new TypeLiteral<List<AgentPort>>() {}))).start();
        new WarmUp(settings, shield::await, () -> !endpoint.look().sessions().isEmpty(), transport.wanted()).start();
        HeapTrim.start(() -> endpoint.look().totals().bytes());
        // Here, where nobody waits for it. With a few files more than a start takes it would seem to run, and never
        // connect.
        String limit = endpoint.look().sessions().isEmpty() ? OpenFiles.reasonOfFailure(PROC) : null;
        if (limit != null) {
            shutdown.give(ExitCode.CONFIG, limit);
        }
        return new Running(endpoint, shutdown, observers);
    }

    /** What another start cannot mend is not worth one. */
    private static ExitCode unable(Throwable failed, Logger log) {
        String limit = OpenFiles.reasonOfFailure(PROC);
        if (limit != null) {
            System.err.println("vibe-runner: cannot start: " + limit); // the log may need a file to be opened
            return ExitCode.CONFIG;
        }
        log.error("the runner could not start", failed);
        return ExitCode.UNABLE;
    }

    private static ExitCode untilDone(
            Shutdown shutdown, ControlSocket control, List<Observer> observers, Inspection inspection) {
        try (control) {
            observers.forEach(observer -> observer.start(inspection));
            control.start();
            return shutdown.done().join();
        } finally {
            observers.forEach(Observer::close);
        }
    }

    /** What a first registration does not need waits for it, but not for a server that cannot be reached. */
    private static void awaitCalm(CompletableFuture<?> registered) {
        try {
            var _ = registered.get(CALM.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException notYet) {
            LoggerFactory.getLogger(Runner.class).debug("not registered yet");
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
