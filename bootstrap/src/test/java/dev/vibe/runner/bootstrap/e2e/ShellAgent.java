package dev.vibe.runner.bootstrap.e2e;

/** Programs that pass for Claude Code: they answer its handshake, and each message with a result. */
final class ShellAgent {
    private static final String HANDSHAKE = """
            #!/bin/sh
            read -r line
            id=${line##*'"request_id":"'}
            id=${id%%'"'*}
            printf '%s\\n' '{"type":"control_response","response":{"subtype":"success","request_id":"'"$id"'","response":{}}}'
            result() { printf '%s\\n' '{"type":"result","subtype":"success","said":"'"$1"'"}'; }
            """;

    private ShellAgent() {}

    /** @param body reads messages from stdin; {@code result WORDS} answers one */
    static String program(String body) {
        return HANDSHAKE + body;
    }

    /** Answers everything, until its input ends. */
    static String polite() {
        return program("while read -r line; do result done; done\n");
    }
}
