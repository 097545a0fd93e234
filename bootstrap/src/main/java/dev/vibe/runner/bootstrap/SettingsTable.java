package dev.vibe.runner.bootstrap;

import dev.vibe.runner.adapter.process.PermissionMode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Every setting there is: the source of help, of {@code --print-config}, and (by a test) of the README's table. */
public final class SettingsTable {
    private static final String SWITCH = "true or false";

    public static final Setting<URI> SERVER_URL = Setting.required(
            "VIBE_SERVER_URL",
            "an http(s):// or ws(s):// URL without query (and for Socket.IO without path), e.g. https://vibe.example.com",
            "The vibe-server to connect to; ws:// and wss:// mean plain WebSocket.",
            Parsers::serverUrl);
    public static final Setting<Optional<Secret>> AUTH_TOKEN = Setting.optional(
                    "VIBE_AUTH_TOKEN",
                    "required, unless VIBE_AUTH_TOKEN_FILE is set",
                    "one line without control characters",
                    "The token the server knows this endpoint by.",
                    Parsers::secret)
            .hidden();
    public static final Setting<Optional<Path>> AUTH_TOKEN_FILE = Setting.optional(
            "VIBE_AUTH_TOKEN_FILE",
            "none",
            "a readable file that holds the token",
            "Where to read the token from instead, anew at each connection, so that it can be renewed;"
                    + " VIBE_AUTH_TOKEN wins.",
            Parsers::path);
    public static final Setting<Optional<String>> ENDPOINT_ID = Setting.optional(
            "VIBE_ENDPOINT_ID",
            "e2b-<sandbox id>, else e2b-<random>",
            "1 to 512 characters",
            "The name of this endpoint.",
            text -> {
                Parsers.require(!text.isBlank() && text.length() <= 512);
                return text;
            });
    public static final Setting<Integer> MAX_SESSIONS = Setting.of(
            "MAX_CONCURRENT_SESSIONS",
            "1",
            "a whole number from 1 to 1000",
            "How many sessions may run at once.",
            Parsers.whole(1, 1000));
    public static final Setting<Optional<Path>> WORKING_DIR = Setting.optional(
            "VIBE_WORKING_DIR",
            "/home/user, else $HOME",
            "a directory",
            "Where agents run when a session does not say.",
            Parsers::path);
    public static final Setting<Optional<Path>> WORKSPACE_ROOT = Setting.optional(
            "VIBE_WORKSPACE_ROOT",
            "none",
            "a directory",
            "If set, a session's directory must lie under it (symbolic links resolved).",
            Parsers::path);
    public static final Setting<PermissionMode> PERMISSION_MODE = Setting.of(
            "VIBE_PERMISSION_MODE",
            "bypass",
            "bypass or prompt",
            "bypass: agents run tools unasked, the sandbox is the fence. prompt: each request goes to the server.",
            Parsers.oneOf(PermissionMode.class));
    public static final Setting<Boolean> PARTIAL_MESSAGES = Setting.of(
            "VIBE_PARTIAL_MESSAGES", "false", SWITCH, "Forward token deltas of the agents too.", Parsers::yesNo);
    public static final Setting<Boolean> SCRIPTED_AGENT = Setting.of(
            "VIBE_SCRIPTED_AGENT",
            "false",
            SWITCH,
            "Offer the scripted agent (agentType \"scripted\") for demos and tests.",
            Parsers::yesNo);
    public static final Setting<Optional<Path>> CLAUDE_PATH = Setting.optional(
            "VIBE_CLAUDE_PATH",
            "claude on PATH and in the usual places",
            "an executable file",
            "The Claude Code executable.",
            Parsers::path);
    public static final Setting<Optional<Path>> CODEX_PATH = Setting.optional(
            "VIBE_CODEX_PATH",
            "codex on PATH and in the usual places",
            "an executable file",
            "The Codex executable.",
            Parsers::path);
    public static final Setting<List<String>> CLAUDE_ARGS = Setting.of(
            "VIBE_CLAUDE_ARGS",
            "",
            "words; quotes keep a word together",
            "More arguments for Claude Code, e.g. --model opus.",
            Parsers::words);
    public static final Setting<List<String>> CODEX_ARGS = Setting.of(
            "VIBE_CODEX_ARGS",
            "",
            "words; quotes keep a word together",
            "More arguments for codex app-server, e.g. -c 'model=\"gpt-5.5\"'.",
            Parsers::words);
    public static final Setting<List<String>> PRIVATE_ENV = Setting.of(
            "VIBE_PRIVATE_ENV",
            "",
            "names of variables, separated by commas",
            "Variables that agents must not see, besides the runner's own.",
            Parsers::names);
    public static final Setting<Integer> MAX_LINE_BYTES = Setting.of(
            "VIBE_MAX_LINE_BYTES",
            "4194304",
            "a whole number of bytes from 4096 to 67108864",
            "Longest agent line sent whole; never more than one server frame or 8 MiB.",
            Parsers.whole(4096, 67_108_864));
    public static final Setting<Integer> OUTBOX_MAX_MB = Setting.of(
            "VIBE_OUTBOX_MAX_MB",
            "512",
            "a whole number of megabytes from 1 to 1048576",
            "How much output may wait on disk for the server.",
            Parsers.whole(1, 1_048_576));
    public static final Setting<WhenFull> OUTBOX_WHEN_FULL = Setting.of(
            "VIBE_OUTBOX_WHEN_FULL",
            "wait",
            "wait or drop",
            "When no more fits: wait lets agents wait, drop drops lines and says in the stream how many.",
            Parsers.oneOf(WhenFull.class));
    public static final Setting<Boolean> RESUME = Setting.of(
            "VIBE_RESUME",
            "true",
            SWITCH,
            "Go on with a session after the runner, or its agent between two turns, has died.",
            Parsers::yesNo);
    public static final Setting<Duration> START_TIMEOUT = Setting.of(
            "VIBE_START_TIMEOUT_SECONDS",
            "60",
            "a whole number of seconds from 1 to 3600",
            "How long an agent may take to become ready.",
            Parsers.seconds(1, 3600));
    public static final Setting<Duration> IDLE_TIMEOUT = Setting.of(
            "VIBE_IDLE_TIMEOUT_SECONDS",
            "0",
            "a whole number of seconds from 0 to 2592000; 0 is off",
            "End a session with an error after so long without a word between turns, or with a permission prompt unanswered.",
            Parsers.seconds(0, 2_592_000));
    public static final Setting<Duration> MAX_SESSION = Setting.of(
            "VIBE_MAX_SESSION_SECONDS",
            "0",
            "a whole number of seconds from 0 to 2592000; 0 is off",
            "End a session with an error when it has run for so long.",
            Parsers.seconds(0, 2_592_000));
    public static final Setting<Duration> STALL = Setting.of(
            "VIBE_STALL_MINUTES",
            "10",
            "a whole number of minutes from 0 to 43200; 0 is off",
            "Act when in a turn the agent neither says anything nor uses the CPU for so long.",
            text -> Duration.ofMinutes(Parsers.whole(0, 43_200).parse(text)));
    public static final Setting<StallAction> STALL_ACTION = Setting.of(
            "VIBE_STALL_ACTION",
            "notice",
            "notice or interrupt",
            "notice: say so in the session's stream. interrupt: also interrupt the turn.",
            Parsers.oneOf(StallAction.class));
    public static final Setting<Duration> STOP_GRACE = Setting.of(
            "VIBE_STOP_GRACE_SECONDS",
            "5",
            "a whole number of seconds from 0 to 600",
            "How long a stopped agent may take to end before it is made to.",
            Parsers.seconds(0, 600));
    public static final Setting<Duration> SHUTDOWN = Setting.of(
            "VIBE_SHUTDOWN_SECONDS",
            "15",
            "a whole number of seconds from 1 to 3600",
            "Deadline of the runner's own shutdown.",
            Parsers.seconds(1, 3600));
    public static final Setting<Duration> HEARTBEAT = Setting.of(
            "VIBE_HEARTBEAT_SECONDS",
            "30",
            "a whole number of seconds from 1 to 3600",
            "Pause between heartbeats.",
            Parsers.seconds(1, 3600));
    public static final Setting<Duration> REGISTER_RETRY_MIN = Setting.of(
            "VIBE_REGISTER_RETRY_MIN_MS",
            "500",
            "a whole number of milliseconds from 10 to 600000",
            "First pause before an unanswered registration is repeated.",
            Parsers.millis(10, 600_000));
    public static final Setting<Duration> REGISTER_RETRY_MAX = Setting.of(
            "VIBE_REGISTER_RETRY_MAX_MS",
            "5000",
            "a whole number of milliseconds from 10 to 600000",
            "Longest such pause.",
            Parsers.millis(10, 600_000));
    public static final Setting<Duration> RECONNECT_MIN = Setting.of(
            "VIBE_RECONNECT_MIN_MS",
            "500",
            "a whole number of milliseconds from 10 to 600000",
            "First pause before reconnecting.",
            Parsers.millis(10, 600_000));
    public static final Setting<Duration> RECONNECT_MAX = Setting.of(
            "VIBE_RECONNECT_MAX_MS",
            "10000",
            "a whole number of milliseconds from 10 to 600000",
            "Longest pause before reconnecting; it goes on for ever.",
            Parsers.millis(10, 600_000));
    public static final Setting<Duration> CONNECT_TIMEOUT = Setting.of(
            "VIBE_CONNECT_TIMEOUT_SECONDS",
            "20",
            "a whole number of seconds from 1 to 600",
            "How long one attempt to connect may take.",
            Parsers.seconds(1, 600));
    public static final Setting<Duration> PROBE_TIMEOUT = Setting.of(
            "VIBE_PROBE_TIMEOUT_SECONDS",
            "5",
            "a whole number of seconds from 1 to 600",
            "A delivery check unanswered for so long means that the link is dead.",
            Parsers.seconds(1, 600));
    public static final Setting<Duration> AUTH_GRACE = Setting.of(
            "VIBE_AUTH_GRACE_SECONDS",
            "60",
            "a whole number of seconds from 0 to 86400",
            "For how long a refused token is tried again before the runner gives up (exit 77).",
            Parsers.seconds(0, 86_400));
    public static final Setting<Boolean> SUPERVISE = Setting.of(
            "VIBE_SUPERVISE",
            "true",
            SWITCH,
            "Let bin/vibe-runner start the runner again when it dies; false: it becomes the runner.",
            Parsers::yesNo);
    public static final Setting<Boolean> WARM_UP = Setting.of(
            "VIBE_WARM_UP",
            "true",
            SWITCH,
            "Rehearse a session right after the registration, so that the first one finds compiled code; takes 0.1 s of processor time, about 1 s where MAX_CONCURRENT_SESSIONS is above 8.",
            Parsers::yesNo);
    public static final Setting<String> SOCKET_PATH = Setting.of(
            "VIBE_SOCKET_PATH",
            "/v1/updates",
            "a path that begins with /",
            "The Socket.IO path on the server.",
            Parsers::urlPath);
    public static final Setting<TransportKind> TRANSPORT = Setting.of(
            "VIBE_TRANSPORT",
            "auto",
            "auto, socketio or websocket",
            "What to speak to the server; auto: websocket for a ws:// or wss:// URL, else socketio.",
            Parsers.oneOf(TransportKind.class));
    public static final Setting<String> WEBSOCKET_PATH = Setting.of(
            "VIBE_WEBSOCKET_PATH",
            "/v1/runner",
            "a path that begins with /",
            "The path on the server for plain WebSocket, where VIBE_SERVER_URL has none.",
            Parsers::urlPath);
    public static final Setting<Optional<Path>> CA_FILE = Setting.optional(
            "VIBE_CA_FILE",
            "none",
            "a readable file of certificates in PEM",
            "Authorities to trust for the server, beside those of the runner's Java.",
            Parsers::certificates);
    public static final Setting<LogLevel> LOG_LEVEL = Setting.of(
            "VIBE_LOG_LEVEL",
            "info",
            "error, warn, info, debug or trace",
            "How much is logged. Message contents appear at debug and below only.",
            Parsers.oneOf(LogLevel.class));
    public static final Setting<LogFormat> LOG_FORMAT = Setting.of(
            "VIBE_LOG_FORMAT",
            "text",
            "text or json",
            "How a log line looks; json is one object a line.",
            Parsers.oneOf(LogFormat.class));
    public static final Setting<String> LOG_FILE = Setting.of(
            "VIBE_LOG_FILE",
            "auto",
            "a file's path, auto or off",
            "A second copy of the log, kept below 30 MB; auto: runner.log in the state directory.",
            text -> text);
    public static final Setting<Optional<Path>> STATE_DIR = Setting.optional(
            "VIBE_STATE_DIR",
            "$XDG_STATE_HOME/vibe-runner, else $HOME/.local/state/vibe-runner",
            "a directory, made if missing",
            "Where the runner keeps its own files.",
            Parsers::path);

    public static final Setting<Optional<Integer>> HTTP_PORT = Setting.optional(
            "VIBE_HTTP_PORT",
            "none: off",
            "a port from 1 to 65535",
            "Where to answer /healthz, /readyz and /metrics over HTTP.",
            text -> Parsers.whole(1, 65_535).parse(text));
    public static final Setting<String> HTTP_HOST = Setting.of(
            "VIBE_HTTP_HOST",
            "127.0.0.1",
            "a name or address of this machine",
            "Where to listen for that; whoever reaches it can ask.",
            String::strip);

    public static final List<Setting<?>> ALL = List.of(
            SERVER_URL,
            AUTH_TOKEN,
            AUTH_TOKEN_FILE,
            ENDPOINT_ID,
            MAX_SESSIONS,
            WORKING_DIR,
            WORKSPACE_ROOT,
            PERMISSION_MODE,
            PARTIAL_MESSAGES,
            SCRIPTED_AGENT,
            CLAUDE_PATH,
            CODEX_PATH,
            CLAUDE_ARGS,
            CODEX_ARGS,
            PRIVATE_ENV,
            MAX_LINE_BYTES,
            OUTBOX_MAX_MB,
            OUTBOX_WHEN_FULL,
            RESUME,
            START_TIMEOUT,
            IDLE_TIMEOUT,
            MAX_SESSION,
            STALL,
            STALL_ACTION,
            STOP_GRACE,
            SHUTDOWN,
            HEARTBEAT,
            REGISTER_RETRY_MIN,
            REGISTER_RETRY_MAX,
            RECONNECT_MIN,
            RECONNECT_MAX,
            CONNECT_TIMEOUT,
            PROBE_TIMEOUT,
            AUTH_GRACE,
            SUPERVISE,
            WARM_UP,
            SOCKET_PATH,
            TRANSPORT,
            WEBSOCKET_PATH,
            CA_FILE,
            LOG_LEVEL,
            LOG_FORMAT,
            LOG_FILE,
            STATE_DIR,
            HTTP_PORT,
            HTTP_HOST);

    private SettingsTable() {}
}
