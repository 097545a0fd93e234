package dev.vibe.runner.bootstrap;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The architecture as rules, for classes below a root package. */
final class Layers {
    /** Every package the house names; each must hold something. */
    static final List<String> NAMED = List.of(
            ".domain",
            ".application",
            ".application.port.in",
            ".application.port.out",
            ".protocol",
            ".transport",
            ".adapter.socketio",
            ".adapter.websocket",
            ".adapter.process",
            ".adapter.process.parrot",
            ".adapter.tcp",
            ".adapter.journal",
            ".adapter.control",
            ".adapter.metrics",
            ".adapter.jfr",
            ".localserver",
            ".bootstrap",
            ".bootstrap.cli",
            ".bootstrap.control",
            ".bootstrap.doctor",
            ".bootstrap.http",
            ".bootstrap.logs",
            ".bootstrap.replay",
            ".bootstrap.warmup");

    private Layers() {}

    /** The rules by name. */
    static Map<String, ArchRule> of(String root) {
        String domain = root + ".domain..";
        String application = root + ".application..";
        String protocol = root + ".protocol..";
        String bootstrap = root + ".bootstrap..";
        String localServer = root + ".localserver..";
        String[] marks = {"org.jspecify.annotations..", "com.google.errorprone.annotations.."};
        Map<String, ArchRule> rules = new LinkedHashMap<>();
        rules.put(
                "the domain uses the JDK and nothing else",
                classes()
                        .that()
                        .resideInAPackage(domain)
                        .should()
                        .onlyDependOnClassesThat(
                                resideInAnyPackage(domain, "java..").or(resideInAnyPackage(marks))));
        rules.put(
                "the application uses the domain and a logger",
                classes()
                        .that()
                        .resideInAPackage(application)
                        .should()
                        .onlyDependOnClassesThat(resideInAnyPackage(domain, application, "java..", "org.slf4j..")
                                .or(resideInAnyPackage(marks))));
        rules.put(
                "the protocol uses the domain and Jackson",
                classes()
                        .that()
                        .resideInAPackage(protocol)
                        .should()
                        .onlyDependOnClassesThat(
                                resideInAnyPackage(domain, protocol, "java..", "com.fasterxml.jackson..")
                                        .or(resideInAnyPackage(marks))));
        rules.put(
                "what transports share knows the ports, and no wire",
                classes()
                        .that()
                        .resideInAPackage(root + ".transport..")
                        .should()
                        .onlyDependOnClassesThat(resideInAnyPackage(
                                        domain,
                                        root + ".application.port..",
                                        root + ".transport..",
                                        "java..",
                                        "javax.net..",
                                        "org.slf4j..")
                                .or(resideInAnyPackage(marks))));
        rules.put(
                "the JDK's HTTP client stays at the WebSocket edge",
                noClasses()
                        .that()
                        .resideOutsideOfPackage(root + ".adapter.websocket..")
                        .should()
                        .dependOnClassesThat(resideInAPackage("java.net.http..")));
        rules.put(
                "adapters know the application's ports, and nothing behind them",
                noClasses()
                        .that()
                        .resideInAPackage(root + ".adapter..")
                        .should()
                        .dependOnClassesThat(resideInAPackage(application)
                                .and(resideOutsideOfPackage(root + ".application.port.."))));
        rules.put(
                "adapters do not know each other",
                slices().matching(root + ".adapter.(*)..").should().notDependOnEachOther());
        rules.put(
                "nobody knows bootstrap",
                noClasses()
                        .that()
                        .resideOutsideOfPackage(bootstrap)
                        .should()
                        .dependOnClassesThat(resideInAPackage(bootstrap)));
        rules.put(
                "the local server knows the protocol, and nothing of the runner",
                noClasses()
                        .that()
                        .resideInAPackage(localServer)
                        .should()
                        .dependOnClassesThat(resideInAnyPackage(
                                application, root + ".transport..", root + ".adapter..", bootstrap)));
        rules.put(
                "nobody knows the local server",
                noClasses()
                        .that()
                        .resideOutsideOfPackage(localServer)
                        .should()
                        .dependOnClassesThat(
                                resideInAnyPackage(localServer, "com.corundumstudio.socketio..", "io.netty..")));
        rules.put(
                "Guice stays in bootstrap",
                noClasses()
                        .that()
                        .resideOutsideOfPackage(bootstrap)
                        .should()
                        .dependOnClassesThat(
                                resideInAnyPackage("com.google.inject..", "jakarta.inject..", "javax.inject..")));
        rules.put(
                "metrics and the HTTP server stay at their edge",
                noClasses()
                        .that()
                        .resideOutsideOfPackage(root + ".adapter.metrics..")
                        .should()
                        .dependOnClassesThat(resideInAnyPackage("io.prometheus..", "com.sun.net.httpserver..")));
        rules.put(
                "flight recordings stay at their edge",
                noClasses()
                        .that()
                        .resideOutsideOfPackage(root + ".adapter.jfr..")
                        .should()
                        .dependOnClassesThat(resideInAPackage("jdk.jfr..")));
        rules.put(
                "the command-line library stays with the commands",
                noClasses()
                        .that()
                        .resideOutsideOfPackage(root + ".bootstrap.cli..")
                        .should()
                        .dependOnClassesThat(resideInAPackage("picocli..")));
        rules.put(
                "a plain run knows no command",
                noClasses()
                        .that()
                        .resideInAnyPackage(root + ".bootstrap", root + ".bootstrap.control", root + ".bootstrap.http")
                        .and()
                        .doNotHaveSimpleName("Main")
                        .should()
                        .dependOnClassesThat(resideInAnyPackage(
                                root + ".bootstrap.cli..",
                                root + ".bootstrap.doctor..",
                                root + ".bootstrap.logs..",
                                root + ".bootstrap.replay..")));
        rules.put(
                "org.json stays at the Socket.IO edge",
                noClasses()
                        .that()
                        .resideOutsideOfPackage(root + ".adapter.socketio..")
                        .should()
                        .dependOnClassesThat(resideInAnyPackage("org.json..", "io.socket..", "okhttp3..", "okio..")));
        rules.put(
                "Jackson stays where JSON is spoken",
                noClasses()
                        .that()
                        .resideOutsideOfPackages(protocol, root + ".adapter..", localServer, bootstrap)
                        .should()
                        .dependOnClassesThat(resideInAPackage("com.fasterxml.jackson..")));
        rules.put(
                "ports know the domain and each other",
                classes()
                        .that()
                        .resideInAPackage(root + ".application.port..")
                        .should()
                        .onlyDependOnClassesThat(resideInAnyPackage(domain, root + ".application.port..", "java..")
                                .or(resideInAnyPackage(marks))));
        rules.put("no cycles", slices().matching(root + ".(*)..").should().beFreeOfCycles());
        return rules;
    }
}
