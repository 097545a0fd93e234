package dev.vibe.runner.adapter.process;

import dev.vibe.runner.application.port.out.AgentLaunchException;
import dev.vibe.runner.application.port.out.RunningAgent;
import dev.vibe.runner.application.port.out.SessionRequest;
import dev.vibe.runner.domain.EndpointId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What all process agents do to start one. */
final class Launcher {
    private final ProcessSettings settings;
    private final ProcessTable table;
    private final AgentEnvironment environment;
    private final Workspace workspace;
    private volatile @Nullable ProcessStat self;
    private volatile @Nullable Endpoint endpoint;

    /** What a runner's launches have in common, which is all of them as a rule; a hash takes a while where it is interpreted. */
    private record Endpoint(EndpointId id, String markPrefix) {}

    Launcher(ProcessSettings settings, ProcessTable table) {
        this.settings = settings;
        this.table = table;
        this.environment = new AgentEnvironment(settings.environment(), settings.privateNames());
        this.workspace = new Workspace(settings.defaultDirectory(), settings.rootDirectory());
    }

    /**
     * Starts an agent's process and its handshake.
     *
     * @param name for thread names and messages
     * @param environmentOf adds the agent's own variables, may change the map it is given
     * @param dialect made once the directory is known
     */
    RunningAgent launch(
            SessionRequest request,
            String name,
            List<String> command,
            UnaryOperator<Map<String, String>> environmentOf,
            BiFunction<Dialect.Host, Path, Dialect> dialect)
            throws AgentLaunchException {
        Path directory = workspace.resolve(request.workingDirectory());
        Map<String, String> variables = environmentOf.apply(environment.forSession(request));
        // What the runner's shell knew of its directory is not true for the agent.
        variables.computeIfPresent("PWD", (variable, old) -> directory.toString());
        variables.remove("OLDPWD");
        Launch launch = new Launch(name, command, variables, directory, mark(request.endpointId()));
        settings.beforeStart().run();
        try {
            return begin(AgentProcess.start(launch, table), host -> dialect.apply(host, directory));
        } catch (IOException e) {
            String why = Interpreter.missing(directory.resolve(command.getFirst()));
            throw new AgentLaunchException(
                    "Cannot start " + name + ": " + e.getMessage() + (why == null ? "" : " (" + why + ")"), e);
        }
    }

    private RunningAgent begin(AgentProcess process, Function<Dialect.Host, Dialect> dialect)
            throws AgentLaunchException {
        try {
            return ProcessAgent.begin(process, settings::lineLimit, dialect);
        } catch (OutOfMemoryError noThread) { // the system's limit of processes, as a rule
            process.kill();
            throw new AgentLaunchException(
                    "Cannot start an agent, whose process could not be read: " + noThread.getMessage(), noThread);
        } catch (RuntimeException | Error failure) {
            process.kill(); // nobody else would
            throw failure;
        }
    }

    private Mark mark(EndpointId id) {
        Endpoint known = endpoint;
        if (known == null || !known.id.equals(id)) {
            known = new Endpoint(id, Mark.prefix(id));
            endpoint = known;
        }
        return Mark.create(known.markPrefix, self());
    }

    private ProcessStat self() {
        ProcessStat known = self;
        if (known == null) {
            long pid = ProcessHandle.current().pid();
            ProcessStat stat = table.proc().process(pid);
            known = stat == null ? new ProcessStat(pid, "", 'R', 0, 0, 0, 0) : stat;
            self = known;
        }
        return known;
    }
}
