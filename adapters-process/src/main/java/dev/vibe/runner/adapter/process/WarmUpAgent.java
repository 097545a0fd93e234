package dev.vibe.runner.adapter.process;

import dev.vibe.runner.application.port.out.AgentLaunchException;
import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.application.port.out.RunningAgent;
import dev.vibe.runner.application.port.out.SessionRequest;
import dev.vibe.runner.domain.AgentInfo;
import dev.vibe.runner.domain.AgentType;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Takes Claude Code's place in a warm-up: a shell that answers the handshake and each message, and starts nothing. */
final class WarmUpAgent implements AgentPort {
    private static final String SCRIPT = """
            while read -r line; do
              case $line in
                *'"control_request"'*)
                  id=${line#*\\"request_id\\":\\"}
                  echo "{\\"type\\":\\"control_response\\",\\"response\\":{\\"subtype\\":\\"success\\",\\"request_id\\":\\"${id%%\\"*}\\",\\"response\\":{}}}"
                  ;;
                *)
                  echo '{"type":"assistant","message":{"role":"assistant","content":[{"type":"text","text":"warming up"}]}}'
                  echo '{"type":"result","subtype":"success","is_error":false,"result":"done"}'
                  ;;
              esac
            done
            """;

    private final Launcher launcher;

    WarmUpAgent(Launcher launcher) {
        this.launcher = launcher;
    }

    @Override
    public AgentType type() {
        return AgentType.CLAUDE;
    }

    @Override
    public Optional<AgentInfo> detect() {
        return Optional.of(new AgentInfo(AgentType.CLAUDE, ""));
    }

    @Override
    public RunningAgent launch(SessionRequest request) throws AgentLaunchException {
        String sessionId = UUID.randomUUID().toString();
        return launcher.launch(
                request,
                "warm-up",
                List.of("/bin/sh", "-c", SCRIPT),
                UnaryOperator.identity(),
                (host, directory) ->
                        new ClaudeDialect(host, sessionId, ClaudeDialect.Beginning.NEW, List.of(), _ -> false));
    }
}
