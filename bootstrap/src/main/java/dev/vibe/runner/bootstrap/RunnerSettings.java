package dev.vibe.runner.bootstrap;

import dev.vibe.runner.adapter.process.PermissionMode;
import dev.vibe.runner.application.SessionLimits;
import dev.vibe.runner.transport.HostName;
import dev.vibe.runner.transport.NetworkAccess;
import dev.vibe.runner.transport.ProxyRules;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Everything that can be set, read and checked. Holds the environment too, since agents inherit most of it.
 *
 * @param tokenFile where the token was found, if not in a variable; it may be renewed there
 * @param environment the runner's own, unchanged
 */
public record RunnerSettings(
        URI serverUrl,
        Secret token,
        Optional<Path> tokenFile,
        String endpointId,
        int maxSessions,
        Path workingDirectory,
        Optional<Path> workspaceRoot,
        PermissionMode permissionMode,
        boolean partialMessages,
        boolean scriptedAgent,
        Optional<Path> claudePath,
        Optional<Path> codexPath,
        List<String> claudeArgs,
        List<String> codexArgs,
        List<String> privateEnv,
        int maxLineBytes,
        int outboxMaxMegabytes,
        WhenFull outboxWhenFull,
        boolean resume,
        boolean supervise,
        boolean warmUp,
        Duration startTimeout,
        SessionLimits limits,
        Duration stopGrace,
        Duration shutdown,
        Duration heartbeat,
        Duration registerRetryMin,
        Duration registerRetryMax,
        Duration reconnectMin,
        Duration reconnectMax,
        Duration connectTimeout,
        Duration probeTimeout,
        Duration authGrace,
        TransportKind transport,
        String socketPath,
        String websocketPath,
        NetworkAccess network,
        LogLevel logLevel,
        LogFormat logFormat,
        Optional<Path> logFile,
        Path stateDirectory,
        Optional<Integer> httpPort,
        String httpHost,
        Map<String, String> environment) {

    /** Reads and checks all settings. */
    public static RunnerSettings from(Map<String, String> environment) throws InvalidSettingsException {
        return from(environment, new SettingsReader(environment));
    }

    /** As above; {@code reader} can be asked afterwards for what it read. */
    public static RunnerSettings from(Map<String, String> environment, SettingsReader reader)
            throws InvalidSettingsException {
        Optional<URI> serverUrl = reader.read(SettingsTable.SERVER_URL);
        Optional<Secret> token = reader.token();
        Optional<Optional<String>> endpointId = reader.read(SettingsTable.ENDPOINT_ID);
        Optional<Integer> maxSessions = reader.read(SettingsTable.MAX_SESSIONS);
        Optional<Optional<Path>> workingDirectory = reader.read(SettingsTable.WORKING_DIR);
        Optional<Optional<Path>> workspaceRoot = reader.read(SettingsTable.WORKSPACE_ROOT);
        Optional<PermissionMode> permissionMode = reader.read(SettingsTable.PERMISSION_MODE);
        Optional<Boolean> partialMessages = reader.read(SettingsTable.PARTIAL_MESSAGES);
        Optional<Boolean> scriptedAgent = reader.read(SettingsTable.SCRIPTED_AGENT);
        Optional<Optional<Path>> claudePath = reader.read(SettingsTable.CLAUDE_PATH);
        Optional<Optional<Path>> codexPath = reader.read(SettingsTable.CODEX_PATH);
        Optional<List<String>> claudeArgs = reader.read(SettingsTable.CLAUDE_ARGS);
        Optional<List<String>> codexArgs = reader.read(SettingsTable.CODEX_ARGS);
        Optional<List<String>> privateEnv = reader.read(SettingsTable.PRIVATE_ENV);
        Optional<Integer> maxLineBytes = reader.read(SettingsTable.MAX_LINE_BYTES);
        Optional<Integer> outboxMax = reader.read(SettingsTable.OUTBOX_MAX_MB);
        Optional<WhenFull> whenFull = reader.read(SettingsTable.OUTBOX_WHEN_FULL);
        Optional<Boolean> resume = reader.read(SettingsTable.RESUME);
        Optional<Duration> startTimeout = reader.read(SettingsTable.START_TIMEOUT);
        Optional<Duration> idle = reader.read(SettingsTable.IDLE_TIMEOUT);
        Optional<Duration> longest = reader.read(SettingsTable.MAX_SESSION);
        Optional<Duration> stall = reader.read(SettingsTable.STALL);
        Optional<StallAction> stallAction = reader.read(SettingsTable.STALL_ACTION);
        Optional<Duration> stopGrace = reader.read(SettingsTable.STOP_GRACE);
        Optional<Duration> shutdown = reader.read(SettingsTable.SHUTDOWN);
        Optional<Duration> heartbeat = reader.read(SettingsTable.HEARTBEAT);
        Optional<Duration> registerRetryMin = reader.read(SettingsTable.REGISTER_RETRY_MIN);
        Optional<Duration> registerRetryMax = reader.read(SettingsTable.REGISTER_RETRY_MAX);
        Optional<Duration> reconnectMin = reader.read(SettingsTable.RECONNECT_MIN);
        Optional<Duration> reconnectMax = reader.read(SettingsTable.RECONNECT_MAX);
        Optional<Duration> connectTimeout = reader.read(SettingsTable.CONNECT_TIMEOUT);
        Optional<Duration> probeTimeout = reader.read(SettingsTable.PROBE_TIMEOUT);
        Optional<Duration> authGrace = reader.read(SettingsTable.AUTH_GRACE);
        // The launcher's; read here so that a wrong value is reported.
        Optional<Boolean> supervise = reader.read(SettingsTable.SUPERVISE);
        Optional<Boolean> warmUp = reader.read(SettingsTable.WARM_UP);
        Optional<String> socketPath = reader.read(SettingsTable.SOCKET_PATH);
        Optional<TransportKind> transport = reader.read(SettingsTable.TRANSPORT);
        Optional<String> websocketPath = reader.read(SettingsTable.WEBSOCKET_PATH);
        Optional<Optional<Path>> caFile = reader.read(SettingsTable.CA_FILE);
        Optional<LogLevel> logLevel = reader.read(SettingsTable.LOG_LEVEL);
        Optional<LogFormat> logFormat = reader.read(SettingsTable.LOG_FORMAT);
        Optional<String> logFile = reader.read(SettingsTable.LOG_FILE);
        Optional<Optional<Path>> stateDir = reader.read(SettingsTable.STATE_DIR);
        Optional<Optional<Integer>> httpPort = reader.read(SettingsTable.HTTP_PORT);
        Optional<String> httpHost = reader.read(SettingsTable.HTTP_HOST);
        ordered(reader, "VIBE_REGISTER_RETRY", registerRetryMin, registerRetryMax);
        ordered(reader, "VIBE_RECONNECT", reconnectMin, reconnectMax);
        ProxyRules proxies = ProxyRules.of(environment);
        serverUrl.ifPresent(server -> {
            proxy(reader, proxies, server);
            if (server.getHost() == null
                    && transport.map(kind -> kind.of(server)).orElse(null) == TransportKind.WEBSOCKET) {
                reader.problem("VIBE_SERVER_URL is \"" + reader.clean(server.toString())
                        + "\": plain WebSocket cannot connect to a name with \"_\";"
                        + " give the server another name, or use its address");
            }
            if (transport.map(kind -> kind.of(server)).orElse(null) == TransportKind.SOCKETIO) {
                pathless(reader, server);
            }
        });
        privateEnv.ifPresent(names -> variables(reader, names, environment));
        if (!reader.problems().isEmpty()) {
            throw new InvalidSettingsException(reader.problems(), StrangeSettings.in(environment));
        }
        Path state = stateDir.orElseThrow().orElseGet(() -> Places.stateDirectory(environment));
        return new RunnerSettings(
                serverUrl.orElseThrow(),
                token.orElseThrow(),
                reader.tokenFile(),
                endpointId.orElseThrow().orElseGet(() -> generatedId(environment)),
                maxSessions.orElseThrow(),
                workingDirectory.orElseThrow().orElseGet(() -> Places.workingDirectory(environment)),
                workspaceRoot.orElseThrow(),
                permissionMode.orElseThrow(),
                partialMessages.orElseThrow(),
                scriptedAgent.orElseThrow(),
                claudePath.orElseThrow(),
                codexPath.orElseThrow(),
                claudeArgs.orElseThrow(),
                codexArgs.orElseThrow(),
                privateEnv.orElseThrow(),
                maxLineBytes.orElseThrow(),
                outboxMax.orElseThrow(),
                whenFull.orElseThrow(),
                resume.orElseThrow(),
                supervise.orElseThrow(),
                warmUp.orElseThrow(),
                startTimeout.orElseThrow(),
                new SessionLimits(
                        idle.orElseThrow(),
                        longest.orElseThrow(),
                        stall.orElseThrow(),
                        stallAction.orElseThrow() == StallAction.INTERRUPT),
                stopGrace.orElseThrow(),
                shutdown.orElseThrow(),
                heartbeat.orElseThrow(),
                registerRetryMin.orElseThrow(),
                registerRetryMax.orElseThrow(),
                reconnectMin.orElseThrow(),
                reconnectMax.orElseThrow(),
                connectTimeout.orElseThrow(),
                probeTimeout.orElseThrow(),
                authGrace.orElseThrow(),
                transport.orElseThrow().of(serverUrl.orElseThrow()),
                socketPath.orElseThrow(),
                websocketPath.orElseThrow(),
                new NetworkAccess(proxies, caFile.orElseThrow().orElse(null)),
                logLevel.orElseThrow(),
                logFormat.orElseThrow(),
                Places.logFile(logFile.orElseThrow(), state),
                state,
                httpPort.orElseThrow(),
                httpHost.orElseThrow(),
                Map.copyOf(environment));
    }

    private static void ordered(
            SettingsReader reader, String prefix, Optional<Duration> shortest, Optional<Duration> longest) {
        if (shortest.isPresent() && longest.isPresent() && shortest.get().compareTo(longest.get()) > 0) {
            reader.problem(prefix + "_MAX_MS is \"" + longest.get().toMillis() + "\": it must be at least " + prefix
                    + "_MIN_MS, which is " + shortest.get().toMillis());
        }
    }

    /** Socket.IO's clients take a path for a namespace, and the endpoints of a vibe-server are in the default one. */
    private static void pathless(SettingsReader reader, URI server) {
        String path = server.getRawPath();
        if (path != null && !path.isEmpty() && !path.equals("/")) {
            reader.problem("VIBE_SERVER_URL is \"" + reader.clean(server.toString())
                    + "\": it must be a URL without a path, which would be a"
                    + " namespace of Socket.IO's; VIBE_SOCKET_PATH is for the path on the server");
        }
    }

    /** A name of any characters may be meant where there is such a variable; else it is a list with the wrong commas. */
    private static void variables(SettingsReader reader, List<String> names, Map<String, String> environment) {
        List<String> strange = names.stream()
                .filter(name -> !name.matches("\\w+") && !environment.containsKey(name))
                .map(name -> name.replaceFirst("=.*", "=...")) // a value may be secret
                .toList();
        if (!strange.isEmpty()) {
            reader.problem(SettingsTable.PRIVATE_ENV.name() + " has \"" + String.join("\", \"", strange)
                    + "\", and there is no such variable: it must be " + SettingsTable.PRIVATE_ENV.allowed());
        }
    }

    private static void proxy(SettingsReader reader, ProxyRules proxies, URI server) {
        boolean encrypted = server.getScheme().toLowerCase(Locale.ROOT).endsWith("s");
        try {
            HostName host = HostName.of(server);
            var _ = proxies.proxyFor(host.name(), host.port(), encrypted);
        } catch (IllegalArgumentException wrong) {
            reader.problem(wrong.getMessage() + "; or name the server in NO_PROXY");
        }
    }

    /**
     * The endpoint's id where it is the same at each start; empty where a start makes up its own, or would refuse the setting.
     * Needs no other setting.
     */
    static Optional<String> lastingId(Map<String, String> environment) {
        return new SettingsReader(environment)
                .read(SettingsTable.ENDPOINT_ID)
                .flatMap(given -> given.or(() -> sandboxId(environment)));
    }

    private static String generatedId(Map<String, String> environment) {
        return sandboxId(environment)
                .orElseGet(() -> "e2b-"
                        + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()));
    }

    private static Optional<String> sandboxId(Map<String, String> environment) {
        String sandbox = environment.getOrDefault("E2B_SANDBOX_ID", "");
        return sandbox.isBlank() ? Optional.empty() : Optional.of("e2b-" + sandbox);
    }
}
