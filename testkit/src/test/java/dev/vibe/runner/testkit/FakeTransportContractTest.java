package dev.vibe.runner.testkit;

import dev.vibe.runner.application.port.out.TransportPort;
import dev.vibe.runner.protocol.EncodedEvent;
import dev.vibe.runner.protocol.EventEncoder;
import java.time.Duration;
import java.util.List;

class FakeTransportContractTest extends TransportContract {

    @Override
    protected TransportRig newRig() {
        FakeTransport fake = new FakeTransport()
                .reconnecting()
                .withProbeTimeout(Duration.ofMillis(TransportRig.PROBE_TIMEOUT_MS))
                .withWire(new EventEncoder("cloud-e2b", "secret"));
        return new TransportRig() {
            @Override
            public TransportPort transport() {
                return fake;
            }

            @Override
            public List<EncodedEvent> arrived() {
                return fake.arrivedEncoded().all();
            }

            @Override
            public int maxPayload() {
                return fake.maxMessageBytes() + 2_048;
            }

            @Override
            public void say(String event, String json) {
                fake.receive(event, json);
            }

            @Override
            public void cut() {
                fake.cut("cut");
            }

            @Override
            public void stopReading() {
                fake.stopReading();
            }

            @Override
            public void startReading() {
                fake.startReading();
            }

            @Override
            public void swallow() {
                fake.holdBarriers();
            }

            @Override
            public void heal() {
                fake.answerBarriers();
            }

            @Override
            public void refuse(String words) {
                fake.refusing(words);
            }

            @Override
            public void accept() {
                fake.refusing(null);
            }

            @Override
            public void hangUp() {
                fake.cut("the server closed the connection");
            }

            @Override
            public void lateHandlers() {
                fake.withoutHandlers();
            }

            @Override
            public void attachHandlers() {
                fake.attachHandlers();
            }

            @Override
            public boolean owns(Thread thread) {
                return thread.getName().equals("fake-transport");
            }

            @Override
            public void close() {
                fake.close();
            }
        };
    }
}
