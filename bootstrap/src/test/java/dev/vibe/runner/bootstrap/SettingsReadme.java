package dev.vibe.runner.bootstrap;

/** The README's rows for settings; {@link #main} prints all of them. */
final class SettingsReadme {
    private SettingsReadme() {}

    static String row(Setting<?> setting) {
        return "| `" + setting.name() + "` | " + setting.fallbackShown() + " | " + setting.allowed() + " | "
                + setting.meaning() + " |";
    }

    /** Prints the table's rows for the README. */
    public static void main(String[] args) {
        SettingsTable.ALL.forEach(setting -> System.out.println(row(setting)));
    }
}
