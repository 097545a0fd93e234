package dev.vibe.runner.testkit;

import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.application.port.out.RunningAgent;
import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.UserMessage;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

class FakeAgentContractTest extends AgentContract {
    private static final String PLAYER = "fake-agent-player-";

    @Override
    protected AgentRig newRig() {
        return new Rig();
    }

    /** Plays its agents as an obedient CLI would behave: a message is a turn. */
    private static final class Rig implements AgentRig {
        private static final String END = "turn over";

        private final FakeAgentPort port = new FakeAgentPort(AgentType.CLAUDE).resuming();
        private final ConcurrentHashMap<Long, Thread> players = new ConcurrentHashMap<>();
        private final ConcurrentHashMap<Long, FakeAgent> agents = new ConcurrentHashMap<>();
        private final CountDownLatch lasting = new CountDownLatch(1);

        Rig() {
            port.withSetup(agent -> {
                if (agent.request().resume() != null) {
                    agent.withConversation(agent.request().resume());
                }
                agents.put(agent.pid(), agent);
                players.put(
                        agent.pid(),
                        Thread.ofPlatform().daemon().name(PLAYER + agent.pid()).start(() -> play(agent)));
            });
        }

        private void play(FakeAgent agent) {
            try {
                while (agent.running()) {
                    switch (agent.deeds().take(Duration.ofMinutes(5))) {
                        case FakeAgent.Deed.Received(UserMessage message) -> turn(agent, message);
                        case FakeAgent.Deed.Interrupted _ -> {
                            if (agent.turnUnderWay()) {
                                end(agent);
                            }
                        }
                        case FakeAgent.Deed.Stopped _, FakeAgent.Deed.Killed _ -> {
                            return; // it obeys both
                        }
                    }
                }
            } catch (InterruptedException killed) {
                Thread.currentThread().interrupt();
            } catch (IllegalStateException exited) {
                // it was stopped while it spoke
            }
        }

        private void turn(FakeAgent agent, UserMessage message) throws InterruptedException {
            agent.beginsATurn();
            agent.working(Duration.ofMillis(1));
            if (message.equals(lasting())) {
                lasting.countDown();
                return;
            }
            agent.says(message instanceof UserMessage.Text(String text) ? text : message.toString());
            end(agent);
        }

        private static void end(FakeAgent agent) throws InterruptedException {
            agent.rests();
            agent.completesATurn();
            agent.says(END);
        }

        @Override
        public AgentPort port() {
            return port;
        }

        @Override
        public UserMessage saying(String words) {
            return new UserMessage.Text(words);
        }

        @Override
        public boolean says(String line, String words) {
            return line.equals(words);
        }

        @Override
        public UserMessage lasting() {
            return new UserMessage.Text("go on until you are interrupted");
        }

        @Override
        public void awaitLasting(RunningAgent agent) throws Exception {
            if (!lasting.await(10, TimeUnit.SECONDS)) {
                throw new AssertionError("no lasting turn began");
            }
        }

        @Override
        public boolean endsTurn(String line) {
            return line.equals(END);
        }

        @Override
        public void killFromOutside(RunningAgent agent) {
            Objects.requireNonNull(agents.get(agent.pid())).exits(137);
            Objects.requireNonNull(players.get(agent.pid())).interrupt();
        }

        @Override
        public boolean serves(Thread thread) {
            return thread.getName().startsWith(PLAYER);
        }

        @Override
        public void close() {
            players.values().forEach(Thread::interrupt);
        }
    }
}
