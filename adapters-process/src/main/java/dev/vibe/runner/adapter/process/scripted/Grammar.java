package dev.vibe.runner.adapter.process.scripted;

import java.util.Map;
import java.util.regex.Pattern;

/** Which lines are commands. People who try the agent out write plain words, and some begin like one ("sleep well"). */
final class Grammar {
    private static final String NOTHING = "";
    private static final String ANYTHING = "(?s).*";
    private static final String NUMBER = "\\d{1,9}";
    private static final String PROCESS = "\\d{1,9}(\\.\\d{1,9})?( +hold)?";
    private static final String BASE64 = "(CCCC)*(CC==|CCC=|CCC?)?".replace("C", "[A-Za-z0-9+/]");

    private static final Map<String, Pattern> COMMANDS = Map.ofEntries(
            command("", NOTHING),
            command("no-result", NOTHING),
            command("say", ANYTHING),
            command("raw", ANYTHING),
            command("bytes", BASE64),
            command("flood", NUMBER + " +" + NUMBER),
            command("split", NOTHING),
            command("stderr", ANYTHING),
            command("sleep", NUMBER),
            command("env", "[A-Za-z_]\\w*"),
            command("cwd", NOTHING),
            command("pid", NOTHING),
            command("ignore-term", NOTHING),
            command("child", PROCESS),
            command("daemon", PROCESS),
            command("chatter", NUMBER + "( +" + NUMBER + ")?"),
            command("noread", NOTHING),
            command("close-stdout", NOTHING),
            command("exit", NUMBER),
            command("crash", "[A-Z][A-Z0-9]*|\\d{1,2}|"));

    private Grammar() {}

    private static Map.Entry<String, Pattern> command(String verb, String arguments) {
        return Map.entry(verb, Pattern.compile(arguments));
    }

    static boolean allows(String verb, String arguments) {
        Pattern allowed = COMMANDS.get(verb);
        return allowed != null && allowed.matcher(arguments).matches();
    }
}
