package dev.vibe.runner.bootstrap;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
    private static final String ROOT = "dev.vibe.runner";
    private static final String PLANTED = ROOT + ".planted";

    private static final JavaClasses CODE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("testkit"))
            .importPackages(ROOT);

    @TestFactory
    Stream<DynamicTest> theCodeKeepsTheRules() {
        return Layers.of(ROOT).entrySet().stream()
                .map(rule -> DynamicTest.dynamicTest(
                        rule.getKey(), () -> rule.getValue().check(CODE)));
    }

    /** Each rule is broken by one planted class named in the violation; a rule that does not bite fails here. */
    @TestFactory
    Stream<DynamicTest> eachRuleBites() {
        JavaClasses planted = new ClassFileImporter().importPackages(PLANTED);
        Map<String, String> culprits = Map.ofEntries(
                Map.entry("ports know the domain and each other", "PortThatKnowsTheApplication"),
                Map.entry("the domain uses the JDK and nothing else", "DomainThatKnowsTheApplication"),
                Map.entry("the application uses the domain and a logger", "ApplicationThatSpeaksJson"),
                Map.entry("the protocol uses the domain and Jackson", "ProtocolThatKnowsTheApplication"),
                Map.entry("what transports share knows the ports, and no wire", "TransportThatSpeaksJson"),
                Map.entry("the JDK's HTTP client stays at the WebSocket edge", "AdapterThatKnowsTheHttpClient"),
                Map.entry(
                        "adapters know the application's ports, and nothing behind them",
                        "AdapterThatKnowsTheApplication"),
                Map.entry("adapters do not know each other", "AdapterThatKnowsAnother"),
                Map.entry("nobody knows bootstrap", "AdapterThatKnowsBootstrap"),
                Map.entry(
                        "the local server knows the protocol, and nothing of the runner",
                        "LocalServerThatKnowsTheRunner"),
                Map.entry("nobody knows the local server", "AdapterThatKnowsTheLocalServer"),
                Map.entry("Guice stays in bootstrap", "AdapterThatKnowsGuice"),
                Map.entry("org.json stays at the Socket.IO edge", "AdapterThatKnowsTheSocket"),
                Map.entry("metrics and the HTTP server stay at their edge", "AdapterThatKnowsTheHttpServer"),
                Map.entry("flight recordings stay at their edge", "AdapterThatKnowsTheRecorder"),
                Map.entry("the command-line library stays with the commands", "RunThatKnowsACommand"),
                Map.entry("a plain run knows no command", "RunThatKnowsACommand"),
                Map.entry("Jackson stays where JSON is spoken", "ApplicationThatSpeaksJson"),
                Map.entry("no cycles", "ApplicationThatKnowsAnAdapter"));
        Map<String, ArchRule> rules = Layers.of(PLANTED);
        return rules.entrySet().stream()
                .map(rule -> DynamicTest.dynamicTest(rule.getKey(), () -> {
                    String culprit = culprits.get(rule.getKey());
                    String report = rule.getValue()
                            .allowEmptyShould(true)
                            .evaluate(planted)
                            .getFailureReport()
                            .toString();
                    assertTrue(
                            culprit != null && report.contains(culprit), () -> culprit + " is not named in: " + report);
                }));
    }

    @Test
    void everyNamedPackageHoldsSomething() {
        Set<String> packages = CODE.stream().map(type -> type.getPackageName()).collect(Collectors.toSet());
        for (String named : Layers.NAMED) {
            assertTrue(packages.contains(ROOT + named), () -> named + " is empty");
        }
    }
}
