import Chrono
@testable import Engine
import Foundation
import Testing

struct DoctorReportTests {
    private func cluster(
        reachable: Bool = true,
        rights: [DoctorReport.Right] = [],
        notes: [String] = []
    ) -> DoctorReport.Cluster {
        DoctorReport.Cluster(
            name: "prod",
            server: "https://prod.example",
            reachable: reachable,
            error: reachable ? nil : "refused",
            tls: DoctorReport.TLS(
                trust: "kubeconfig",
                authorityExpires: "2036-11-19T20:16:01Z",
                serverName: nil
            ),
            proxy: nil,
            credentials: ["token"],
            credentialsExpire: nil,
            actsAs: nil,
            user: "jane",
            groups: ["devs"],
            serverVersion: "v1.36.2",
            fluxVersion: "v2.9.4",
            kinds: [],
            rights: rights,
            clockSkewSeconds: -90,
            roundTripMilliseconds: 12.5,
            notes: notes
        )
    }

    private func report(
        _ clusters: [DoctorReport.Cluster],
        sources: [DoctorReport.Source] = [],
        advice: [String] = []
    ) -> DoctorReport {
        DoctorReport(
            generated: "2026-11-23T11:00:00Z",
            clusters: clusters,
            sources: sources,
            terminal: DoctorReport.Terminal(
                isTerminal: true,
                columns: 80,
                rows: 24,
                name: "xterm",
                colours: "256",
                encoding: "UTF-8",
                problem: nil
            ),
            problems: [],
            advice: advice
        )
    }

    private func source(readable: Bool = true, pushable: Bool? = true) -> DoctorReport.Source {
        DoctorReport.Source(
            url: "https://git.example/fleet",
            clusters: ["prod"],
            reachable: readable,
            readable: readable,
            pushable: pushable,
            problems: readable ? [] : ["not found"]
        )
    }

    private let denied = DoctorReport.Right(
        action: "resync",
        verb: "patch",
        resource: "kustomizations.kustomize.toolkit.fluxcd.io",
        namespace: "apps",
        allowed: false
    )

    @Test func `the exit code is the worst that was found`() {
        #expect(report([cluster()], sources: [source()]).exitCode == 0)
        #expect(report([cluster()], sources: [source(pushable: nil)]).exitCode == 0)
        #expect(report([cluster()], sources: [source(pushable: false)]).exitCode == 1)
        #expect(report([cluster(rights: [denied])]).exitCode == 1)
        #expect(report([cluster(notes: ["x"])]).exitCode == 1)
        #expect(report([cluster()], advice: ["x"]).exitCode == 1)
        #expect(report([cluster(), cluster(reachable: false)]).exitCode == 2)
        #expect(report([cluster()], sources: [source(readable: false)]).exitCode == 2)
    }

    @Test func `the table names verb, resource and place of what is missing`() {
        let text = DoctorTable(report([cluster(rights: [denied])]), now: Timestamp(seconds: 0)).text
        #expect(
            text.contains(
                "! may not      resync: needs patch on kustomizations.kustomize.toolkit.fluxcd.io in apps"
            )
        )
        #expect(text.contains("1m30s behind this machine"))
        #expect(text.contains("jane (devs)"))
        #expect(text.contains("80x24"))
    }

    @Test func `the JSON says what is known and leaves out the rest`() throws {
        let object = try JSONSerialization.jsonObject(with: Data(report([cluster()]).json.utf8))
        let root = try #require(object as? [String: Any])
        #expect(root["version"] as? Int == 1)
        let first = try #require((root["clusters"] as? [[String: Any]])?.first)
        #expect(first["user"] as? String == "jane" && first["clockSkewSeconds"] as? Int == -90)
        #expect(first["proxy"] == nil && first["error"] == nil)
    }
}
