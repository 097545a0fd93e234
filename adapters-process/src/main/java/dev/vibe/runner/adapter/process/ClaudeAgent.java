package dev.vibe.runner.adapter.process;

import dev.vibe.runner.application.port.out.AgentLaunchException;
import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.application.port.out.RunningAgent;
import dev.vibe.runner.application.port.out.SessionRequest;
import dev.vibe.runner.domain.AgentInfo;
import dev.vibe.runner.domain.AgentType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Claude Code as one long-lived process a session, stream-json both ways. */
final class ClaudeAgent implements AgentPort {
    static final String NAME = "claude";
    private static final Set<String> NO = Set.of("0", "false", "no");

    private final ProcessSettings settings;
    private final Launcher launcher;
    private final ExecutableFinder finder;
    private final VersionProbe versions;
    private final ClaudeConversations conversations;

    ClaudeAgent(ProcessSettings settings, Launcher launcher) {
        this.settings = settings;
        this.launcher = launcher;
        this.finder = new ExecutableFinder(settings.environment());
        Map<String, String> environment = new AgentEnvironment(settings.environment(), settings.privateNames()).base();
        this.versions = new VersionProbe(environment, settings.beforeStart(), "@anthropic-ai/claude-code");
        this.conversations = new ClaudeConversations(environment);
    }

    @Override
    public AgentType type() {
        return AgentType.CLAUDE;
    }

    @Override
    public Optional<AgentInfo> detect() {
        return executable().map(path -> new AgentInfo(AgentType.CLAUDE, versions.versionOf(path)));
    }

    @Override
    public boolean resumes() {
        return true;
    }

    @Override
    public boolean hasConversation(String agentSessionId) {
        return conversations.has(agentSessionId);
    }

    @Override
    public RunningAgent launch(SessionRequest request) throws AgentLaunchException {
        Path executable = executable()
                .orElseThrow(() -> new AgentLaunchException(NotFound.message(
                        "Claude Code",
                        NAME,
                        settings.claude().executable(),
                        "npm install -g @anthropic-ai/claude-code")));
        String resume = request.resume();
        ClaudeDialect.Beginning beginning = beginning(resume);
        String sessionId = resume == null || (beginning == ClaudeDialect.Beginning.LOST && conversations.taken(resume))
                ? UUID.randomUUID().toString()
                : resume;
        String option = beginning == ClaudeDialect.Beginning.RESUMED ? "--resume" : "--session-id";
        return launcher.launch(
                request,
                NAME,
                command(executable, option, sessionId),
                environment -> environment(environment, Root.IS),
                (host, directory) -> new ClaudeDialect(
                        host,
                        sessionId,
                        beginning,
                        request.settings(),
                        uuid -> beginning == ClaudeDialect.Beginning.RESUMED && conversations.has(sessionId, uuid)));
    }

    private ClaudeDialect.Beginning beginning(@Nullable String resume) {
        if (resume == null) {
            return ClaudeDialect.Beginning.NEW;
        }
        return conversations.has(resume) ? ClaudeDialect.Beginning.RESUMED : ClaudeDialect.Beginning.LOST;
    }

    /** @param option {@code --session-id} for a new conversation, {@code --resume} for one Claude has stored */
    List<String> command(Path executable, String option, String sessionId) {
        List<String> command = new ArrayList<>(List.of(
                executable.toString(),
                "--print",
                "--input-format",
                "stream-json",
                "--output-format",
                "stream-json",
                "--verbose",
                option,
                sessionId));
        switch (settings.permissions()) {
            case BYPASS -> command.add("--dangerously-skip-permissions");
            case PROMPT -> command.addAll(List.of("--permission-prompt-tool", "stdio"));
        }
        if (settings.partialMessages()) {
            command.add("--include-partial-messages");
        }
        command.addAll(settings.claude().extraArguments());
        return command;
    }

    Map<String, String> environment(Map<String, String> environment, boolean root) {
        if (settings.permissions() == PermissionMode.BYPASS && root) {
            // Without it Claude refuses to skip permissions for root. Some sandboxes set it to "yes", which 2.1.197
            // does
            // not take for yes.
            environment.merge("IS_SANDBOX", "1", (theirs, ours) -> NO.contains(theirs) ? theirs : ours);
        }
        environment.putIfAbsent("DISABLE_AUTOUPDATER", "1");
        return environment;
    }

    /** Whether this process is root's; looked at when first asked. */
    private static final class Root {
        static final boolean IS = look();

        private static boolean look() {
            try {
                return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
            } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
                return System.getProperty("user.name", "").equals("root");
            }
        }
    }

    private Optional<Path> executable() {
        return finder.find(NAME, settings.claude().executable());
    }
}
