import Chrono
@testable import Engine
import Foundation
import Ledger
import Testing

/// What is printed never steers the terminal, wherever its words come from.
struct HarmlessOutputTests {
    /// An escape sequence, a new line, a bidi override, a C1 control, a title.
    private static let hostile = [
        "\u{1B}[2Jgone", "a\nroot: \u{202E}evil", "\u{9B}31mred", "\u{1B}]0;title\u{7}", "tab\tand\rreturn",
        "\u{0}nul",
        "\u{2066}isolate", "bell\u{7}",
    ]

    private func isHarmless(_ line: some StringProtocol) -> Bool {
        line.unicodeScalars.allSatisfy { scalar in
            let category = scalar.properties.generalCategory
            return category != .control && !("\u{202A}"..."\u{202E}").contains(scalar)
                && !("\u{2066}"..."\u{2069}").contains(scalar)
        }
    }

    @Test(arguments: HarmlessOutputTests.hostile)
    func `no cell of a table breaks out of it`(text: String) {
        let lines = StatusTable.aligned([
            ["NAME", "WHAT", "LAST"], [text, text, text], ["plain", "x", "y"],
        ])
        #expect(lines.count == 3)
        #expect(lines.allSatisfy(isHarmless), "\(lines)")
        let columns = lines.map { line in line.firstRange(of: "  ")?.lowerBound }
        #expect(columns.allSatisfy { $0 != nil })
    }

    @Test(arguments: HarmlessOutputTests.hostile)
    func `the audit prints one harmless line a change`(text: String) {
        let record = AuditRecord(
            change: text,
            at: Timestamp(seconds: 1_800_000_000),
            user: text,
            host: text,
            cluster: text,
            clusterIdentity: text,
            action: text,
            subject: text,
            plan: text,
            confirmation: text,
            result: text,
            message: text
        )
        let lines = AuditCommand.table([record, record]).split(
            separator: "\n",
            omittingEmptySubsequences: false
        )
        #expect(lines.count == 3)
        #expect(lines.allSatisfy(isHarmless), "\(lines)")
    }

    @Test(arguments: HarmlessOutputTests.hostile)
    func `the doctor prints harmless lines`(text: String) {
        let report = DoctorReport(
            generated: "",
            clusters: [
                DoctorReport.Cluster(
                    name: text,
                    server: text,
                    reachable: false,
                    error: text,
                    tls: DoctorReport.TLS(trust: "kubeconfig", authorityExpires: text, serverName: text),
                    proxy: text,
                    credentials: [text],
                    credentialsExpire: text,
                    actsAs: text,
                    user: text,
                    groups: [text],
                    serverVersion: text,
                    fluxVersion: text,
                    kinds: [DoctorReport.Kind(kind: text, state: "forbidden", message: text, objects: 0)],
                    rights: [
                        DoctorReport.Right(
                            action: text,
                            verb: text,
                            resource: text,
                            namespace: text,
                            allowed: false
                        )
                    ],
                    notes: [text]
                )
            ],
            sources: [
                DoctorReport.Source(
                    url: text,
                    clusters: [text],
                    reachable: true,
                    readable: true,
                    pushable: false,
                    problems: [text]
                )
            ],
            terminal: DoctorReport.Terminal(
                isTerminal: true,
                name: text,
                colours: "256",
                encoding: text,
                problem: text
            ),
            problems: [text],
            advice: [text]
        )
        let lines = DoctorTable(report, now: Timestamp(seconds: 0)).text.split(separator: "\n")
        #expect(lines.allSatisfy(isHarmless), "\(lines)")
    }
}
