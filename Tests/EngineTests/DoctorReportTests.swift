import Chrono
@testable import Engine
import Foundation
import Testing

struct DoctorReportTests {
    private func cluster(
        reachable: Bool = true,
        error: String? = nil,
        kind: String? = nil,
        rights: [DoctorReport.Right] = [],
        notes: [String] = []
    ) -> DoctorReport.Cluster {
        let kinds = kind.map { [DoctorReport.Kind(kind: "Kustomization", state: $0, objects: 0)] } ?? []
        return DoctorReport.Cluster(
            name: "prod",
            server: "https://prod.example",
            reachable: reachable,
            error: reachable ? error : "refused",
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
            kinds: kinds,
            rights: rights,
            clockSkewSeconds: -90,
            roundTripMilliseconds: 12.5,
            notes: notes
        )
    }

    private func report(
        _ clusters: [DoctorReport.Cluster],
        sources: [DoctorReport.Source] = [],
        terminal problem: String? = nil,
        isTerminal: Bool = true,
        problems: [String] = [],
        advice: [String] = []
    ) -> DoctorReport {
        DoctorReport(
            generated: "2026-11-23T11:00:00Z",
            clusters: clusters,
            sources: sources,
            terminal: DoctorReport.Terminal(
                isTerminal: isTerminal,
                columns: 80,
                rows: 24,
                name: "xterm",
                colours: "256",
                encoding: "UTF-8",
                problem: problem
            ),
            problems: problems,
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

    private func right(_ isAllowed: Bool?) -> DoctorReport.Right {
        var right = denied
        right.allowed = isAllowed
        return right
    }

    /// Every mark that the table can show, and its exit code; nobody is told 0 beside a `!`.
    @Test func `the exit code is the worst mark of the table`() {
        let table: [(DoctorReport, Int32)] = [
            (report([cluster()], sources: [source()]), 0),
            (report([cluster(kind: "readable", rights: [right(true)])]), 0),
            (report([cluster(kind: "absent")]), 0),
            (report([cluster(kind: "pending")]), 1),
            (report([cluster(kind: "stale")]), 1),
            (report([cluster(kind: "forbidden")]), 1),
            (report([cluster(rights: [right(true), right(nil)])]), 1),
            (report([cluster(rights: [right(false)])]), 1),
            (report([cluster(notes: ["x"])]), 1),
            (report([cluster(error: "serves no Flux kinds")]), 1),
            (report([cluster()], sources: [source(pushable: nil)]), 1),
            (report([cluster()], sources: [source(pushable: false)]), 1),
            (report([cluster()], terminal: "TERM is not set"), 1),
            (report([cluster()], terminal: "no terminal", isTerminal: false), 0),
            (report([cluster()], problems: ["x"]), 1),
            (report([cluster()], advice: ["x"]), 1),
            (report([cluster(), cluster(reachable: false)], advice: ["x"]), 2),
            (report([cluster()], sources: [source(), source(readable: false)]), 2),
        ]
        for (report, code) in table {
            let text = DoctorTable(report, now: Timestamp(seconds: 0)).text
            #expect(report.exitCode == code, "\(text)")
            let marks = text.split(separator: "\n").map { $0.drop { $0 == " " }.prefix(1) }
            #expect(marks.contains("✗") ? code == 2 : marks.contains("!") ? code == 1 : code == 0, "\(text)")
        }
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
