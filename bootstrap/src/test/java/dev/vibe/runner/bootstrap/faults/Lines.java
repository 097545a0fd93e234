package dev.vibe.runner.bootstrap.faults;

/**
 * A script of numbered lines for the scripted agent.
 *
 * @param count how many
 * @param length of each, about
 * @param atOnce so many, then a pause
 * @param pauseMillis how long
 */
record Lines(int count, int length, int atOnce, int pauseMillis) {

    /** The script; the agent exits at its end. */
    String script() {
        StringBuilder script = new StringBuilder();
        String pad = "x".repeat(Math.max(0, length - 20));
        for (int i = 0; i < count; i++) {
            script.append("raw {\"i\":")
                    .append(i)
                    .append(",\"pad\":\"")
                    .append(pad)
                    .append("\"}\n");
            if (i % atOnce == atOnce - 1) {
                script.append("sleep ").append(pauseMillis).append('\n');
            }
        }
        return script.append("exit 0").toString();
    }
}
