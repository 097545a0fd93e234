package dev.vibe.runner.bootstrap;

/** What {@code --help} says. */
final class Help {
    private static final String HEAD = """
            vibe-runner VERSION: runs Claude Code and Codex sessions for a vibe-server.

            Usage:
              vibe-runner                  connect to the server and run sessions until SIGTERM or SIGINT
              vibe-runner --print-config   show the settings in force, secrets masked
              vibe-runner --version        show the version
              vibe-runner --help           show this

            Settings are variables of the environment. Only the first two are required.

            """;
    private static final String TAIL = """
            Exit codes:
              0   a clean end          64  unknown argument        70  a bug of the runner
              77  the server refused the token for the whole grace period
              78  wrong settings (all of them are named at once)
            """;

    private Help() {}

    static String text(BuildInfo build) {
        StringBuilder out = new StringBuilder(HEAD.replace("VERSION", build.version()));
        for (Setting<?> setting : SettingsTable.ALL) {
            out.append("  ").append(setting.name()).append('\n');
            out.append("      ").append(setting.meaning()).append('\n');
            out.append("      ").append(setting.allowed());
            String fallback = setting.fallbackShown();
            out.append("; default: ")
                    .append(fallback.isEmpty() ? "none" : fallback)
                    .append('\n');
        }
        return out.append('\n').append(TAIL).toString();
    }
}
