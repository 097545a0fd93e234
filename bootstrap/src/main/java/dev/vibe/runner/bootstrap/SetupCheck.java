package dev.vibe.runner.bootstrap;

import dev.vibe.runner.adapter.process.PermissionMode;
import dev.vibe.runner.domain.AgentInfo;
import dev.vibe.runner.domain.AgentType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds in a setup what will make sessions fail, or make them dangerous, so that the log says it before a user asks. */
final class SetupCheck {
    private static final long AGENT_MEMORY = 512L * 1024 * 1024;
    private static final String CLAUDE_PATH = SettingsTable.CLAUDE_PATH.name();
    private static final String CODEX_PATH = SettingsTable.CODEX_PATH.name();
    private static final Set<String> NO = Set.of("0", "false", "no");

    private final RunnerSettings settings;
    private final Machine machine;
    private final List<String> problems = new ArrayList<>();

    private SetupCheck(RunnerSettings settings, Machine machine) {
        this.settings = settings;
        this.machine = machine;
    }

    /**
     * What there is to say of the files and directories that settings name. None of it is a wrong value: an agent may be installed, and
     * a directory made or mounted, when the runner runs already, and a session looks for them when it starts.
     */
    static List<String> ofPaths(RunnerSettings settings) {
        List<String> problems = new ArrayList<>();
        String executable = ": there are no sessions with this agent until it is an executable file";
        settings.claudePath().flatMap(SetupCheck::unfit).ifPresent(why -> problems.add(CLAUDE_PATH + why + executable));
        settings.codexPath().flatMap(SetupCheck::unfit).ifPresent(why -> problems.add(CODEX_PATH + why + executable));
        Path directory = settings.workingDirectory();
        if (!Files.isDirectory(directory)) {
            problems.add("the working directory \"" + directory
                    + (Files.exists(directory) ? "\" is not a directory" : "\" does not exist")
                    + ": sessions that name no other will fail (VIBE_WORKING_DIR)");
        }
        Path root = settings.workspaceRoot().orElse(directory);
        if (settings.workspaceRoot().isPresent() && !Files.isDirectory(root)) {
            problems.add("VIBE_WORKSPACE_ROOT is \"" + root + "\", which "
                    + (Files.exists(root) ? "is not a directory" : "does not exist")
                    + ": all sessions are refused until it is a directory");
        }
        return problems;
    }

    private static Optional<String> unfit(Path executable) {
        if (Files.isRegularFile(executable) && Files.isExecutable(executable)) {
            return Optional.empty();
        }
        String why = !Files.exists(executable)
                ? "does not exist"
                : Files.isRegularFile(executable) ? "may not be executed" : "is not a file";
        return Optional.of(" is \"" + executable + "\", which " + why);
    }

    /**
     * What there is to say of all agents.
     *
     * @param found those that are here
     */
    static List<String> ofAgents(RunnerSettings settings, Collection<AgentInfo> found, Machine machine) {
        if (found.isEmpty()) {
            return List.of(
                    "no agent is found, so that the server has no session for this runner: install Claude Code or"
                            + " Codex, or say where they are in " + CLAUDE_PATH + ", " + CODEX_PATH);
        }
        List<String> problems = new ArrayList<>();
        found.forEach(agent -> problems.addAll(ofAgent(settings, agent, machine)));
        return problems;
    }

    /** What there is to say of places, memory and token. */
    static List<String> ofMachine(RunnerSettings settings, Machine machine) {
        SetupCheck check = new SetupCheck(settings, machine);
        check.places();
        check.memory();
        check.openFiles();
        check.token();
        return check.problems;
    }

    /** What there is to say of an agent that was found. */
    static List<String> ofAgent(RunnerSettings settings, AgentInfo agent, Machine machine) {
        SetupCheck check = new SetupCheck(settings, machine);
        check.agent(agent);
        return check.problems;
    }

    private void places() {
        String home = variable("HOME");
        if (home.isEmpty()) {
            problems.add("HOME is not set: agents find neither their login nor a place for their files");
        } else if (!Files.isDirectory(Path.of(home)) || !Files.isWritable(Path.of(home))) {
            problems.add("HOME is \"" + home
                    + "\", which is no directory this user can write: agents keep their state there");
        }
    }

    private void memory() {
        if (machine.memory().isPresent() && machine.memory().getAsLong() < AGENT_MEMORY) {
            problems.add("there are " + (machine.memory().getAsLong() >> 20) + " MB of memory for agents: one needs "
                    + (AGENT_MEMORY >> 20) + " MB or more, and may be killed by the system");
        }
    }

    private void openFiles() {
        String tooFew = machine.openFiles().isPresent()
                ? OpenFiles.tooFew(machine.openFiles().getAsLong(), settings.maxSessions())
                : null;
        if (tooFew != null) {
            problems.add(tooFew + " (MAX_CONCURRENT_SESSIONS); starts will fail where it is reached");
        }
    }

    private void token() {
        if (!machine.onlookers().isEmpty()) {
            problems.add("VIBE_AUTH_TOKEN can be read by agents from the environment of "
                    + String.join(", ", machine.onlookers())
                    + ", which started this runner; let it exec the runner, or set the variable for the runner alone");
        }
    }

    private void agent(AgentInfo agent) {
        if (agent.type().equals(AgentType.CLAUDE)) {
            version(agent, "Claude Code", 2, 0);
            if (!AgentLogin.claude(this::variable, home(), settings.claudeArgs())) {
                problems.add("Claude Code is not logged in: neither a key in the environment (ANTHROPIC_API_KEY,"
                        + " CLAUDE_CODE_OAUTH_TOKEN, ...) nor a login file in its configuration directory");
            }
            if (machine.root() && settings.permissionMode() == PermissionMode.BYPASS) {
                asRoot(variable("IS_SANDBOX"));
            }
        } else if (agent.type().equals(AgentType.CODEX)) {
            version(agent, "Codex", 0, 100);
            if (!AgentLogin.codex(this::variable, home(), settings.codexArgs())) {
                problems.add(
                        "Codex is not logged in: neither a key in the environment (OPENAI_API_KEY, CODEX_API_KEY) nor a"
                                + " login file in its home");
            }
        }
    }

    /** Claude Code bypasses permissions as root only where this variable says that nothing is to be lost. */
    private void asRoot(String isSandbox) {
        if (NO.contains(isSandbox)) {
            problems.add("Claude Code refuses to bypass permissions as root while IS_SANDBOX is \"" + isSandbox
                    + "\": run as another user, set IS_SANDBOX=1, or VIBE_PERMISSION_MODE=prompt");
        } else if (isSandbox.isEmpty() && variable("E2B_SANDBOX").isEmpty()) {
            problems.add(
                    "Claude Code runs as root and asks nobody; it does that in a sandbox only, so it is told IS_SANDBOX=1:"
                            + " set that yourself where this is one, else run as another user, or set VIBE_PERMISSION_MODE=prompt");
        }
    }

    /** The oldest that speak the protocol this runner was made for. An unknown version is not suspicious. */
    private void version(AgentInfo agent, String name, int major, int minor) {
        String version = agent.version();
        if (version == null || !version.matches("\\d{1,6}\\.\\d{1,6}\\..*")) {
            return;
        }
        String[] parts = version.split("\\.", 3);
        int itsMajor = Integer.parseInt(parts[0]);
        if (itsMajor < major || (itsMajor == major && Integer.parseInt(parts[1]) < minor)) {
            problems.add(name + " " + version + " is too old: this runner needs " + major + "." + minor + " or newer");
        }
    }

    private Path home() {
        return Places.home(settings.environment());
    }

    /** As agents see it. */
    private String variable(String name) {
        Map<String, String> environment = settings.environment();
        return settings.privateEnv().contains(name)
                ? ""
                : environment.getOrDefault(name, "").strip();
    }
}
