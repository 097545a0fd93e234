package dev.vibe.runner.bootstrap.doctor;

import dev.vibe.runner.application.port.out.TransportPort;
import dev.vibe.runner.bootstrap.InvalidSettingsException;
import dev.vibe.runner.bootstrap.Parts;
import dev.vibe.runner.bootstrap.RunnerSettings;
import dev.vibe.runner.bootstrap.SettingsReader;
import dev.vibe.runner.bootstrap.SettingsTable;
import dev.vibe.runner.bootstrap.StrangeSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All checks, in the order in which a run would fail. Blocks; each check has an end. */
public final class Doctor {
    private final Map<String, String> environment;
    private final Options options;
    private final Findings findings;

    /**
     * What is not wanted.
     *
     * @param register register at the server, as an endpoint of another name, and leave again
     * @param startAgents start each agent and wait for its handshake
     */
    public record Options(boolean register, boolean startAgents) {}

    /** @param listener told each finding as it comes */
    public Doctor(Map<String, String> environment, Options options, Consumer<Finding> listener) {
        this.environment = environment;
        this.options = options;
        this.findings = new Findings(listener);
    }

    /** Does all checks. */
    public void examine() throws InterruptedException {
        RunnerSettings settings = configuration();
        boolean whole = settings != null;
        if (settings == null) {
            settings = repaired();
        }
        if (settings == null) {
            findings.skip("all others", "the settings must be right first");
            return;
        }
        Parts parts = new Parts(settings);
        findings.redact(parts::redact);
        if (whole) {
            boolean reached = new ServerChecks(settings, findings).examine();
            new ProtocolCheck(settings, parts, options.register(), findings).examine(reached);
        } else {
            findings.skip("server", "the settings must be right first");
        }
        try (TransportPort unopened = parts.transport()) {
            new AgentChecks(settings, parts, options.startAgents(), findings).examine(parts.agents(unopened));
        }
        new PlaceChecks(settings, parts, findings).examine();
    }

    private @Nullable RunnerSettings configuration() {
        SettingsReader reader = new SettingsReader(environment);
        try {
            RunnerSettings settings = RunnerSettings.from(environment, reader);
            List<String> strange = Stream.concat(
                            new Parts(settings).wrongPaths().stream(), StrangeSettings.in(environment).stream())
                    .toList();
            strange.forEach(problem -> findings.warn("settings", problem));
            if (strange.isEmpty()) {
                findings.ok("settings", reader.effective().size() + " settings, all of them make sense");
            }
            return settings;
        } catch (InvalidSettingsException wrong) {
            reader.problems().forEach(problem -> findings.fail("settings", problem));
            StrangeSettings.in(environment).forEach(problem -> findings.warn("settings", problem));
            return null;
        }
    }

    /** Without what is wrong: this machine can be looked at all the same. Null when that is not enough. */
    private @Nullable RunnerSettings repaired() {
        Map<String, String> better = new HashMap<>(environment);
        SettingsReader reader = new SettingsReader(environment);
        try {
            return RunnerSettings.from(environment, reader);
        } catch (InvalidSettingsException wrong) {
            reader.problems().forEach(problem -> better.remove(problem.split(" ", 2)[0]));
        }
        better.putIfAbsent(SettingsTable.SERVER_URL.name(), "http://localhost");
        better.putIfAbsent(SettingsTable.AUTH_TOKEN.name(), "none");
        try {
            return RunnerSettings.from(better);
        } catch (InvalidSettingsException hopeless) {
            return null;
        }
    }
}
