import Chrono
import Text

/// The text that `weir doctor` prints: a block for each cluster, the Git sources, the terminal.
struct DoctorTable {
    private(set) var text = ""
    private let now: Timestamp

    init(_ report: DoctorReport, now: Timestamp) {
        self.now = now
        for problem in report.problems {
            line("!", problem)
        }
        report.clusters.forEach { add($0) }
        add(report.sources)
        add(report.terminal)
        for advice in report.advice {
            line("!", advice)
        }
        text = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(line.reversed().drop { $0 == " " }.reversed())
        }.joined(separator: "\n")
        while text.hasSuffix("\n") {
            text.removeLast()
        }
    }

    private mutating func line(_ mark: String, _ words: String, _ place: String = "") {
        text += "\(mark) \(Sanitiser.line(words, limit: 4096))  \(Sanitiser.line(place))\n"
    }

    private mutating func row(_ name: String, _ value: String?, mark: String = " ") {
        if let value, !value.isEmpty {
            text += "  \(mark) \(name.padded(to: 13))\(Sanitiser.line(value, limit: 4096))\n"
        }
    }

    // MARK: - Clusters

    private mutating func add(_ cluster: DoctorReport.Cluster) {
        line(cluster.reachable ? "✓" : "✗", cluster.name, cluster.server ?? "")
        row("problem", cluster.error, mark: cluster.reachable ? "!" : "✗")
        row("tls", cluster.tls.map(words))
        row("proxy", cluster.proxy)
        row("credentials", credentials(cluster))
        row("user", cluster.user.map { user in user + groups(cluster) })
        row("acts as", cluster.actsAs)
        row("kubernetes", cluster.serverVersion)
        row("flux", cluster.reachable ? cluster.fluxVersion ?? "version unknown" : nil)
        row("round trip", cluster.roundTripMilliseconds.map { "\($0) ms" })
        row("clock", cluster.clockSkewSeconds.map(skew))
        addKinds(cluster)
        addRights(cluster)
        for note in cluster.notes {
            row("note", note, mark: "!")
        }
        text += "\n"
    }

    private func words(_ tls: DoctorReport.TLS) -> String {
        let name = tls.serverName.map { ", as \($0)" } ?? ""
        switch tls.trust {
        case "none": return "none: plain http"
        case "unverified": return "not verified: anybody could answer"
        case "system": return "verified by this machine's authorities\(name)"
        default:
            let end = tls.authorityExpires.map { ", good until \($0)" } ?? ""
            return "verified by the kubeconfig's authority\(name)\(end)"
        }
    }

    private func credentials(_ cluster: DoctorReport.Cluster) -> String {
        guard !cluster.credentials.isEmpty else {
            return cluster.server == nil ? "" : "none"
        }
        let end = cluster.credentialsExpire.map { ", good until \($0)" } ?? ""
        return cluster.credentials.joined(separator: " and ") + end
    }

    private func groups(_ cluster: DoctorReport.Cluster) -> String {
        let groups = cluster.groups ?? []
        return groups.isEmpty ? "" : " (\(groups.prefix(6).joined(separator: ", ")))"
    }

    private func skew(_ seconds: Int) -> String {
        guard abs(seconds) > 1 else {
            return "the same as here"
        }
        return "\(Duration.seconds(abs(seconds)).took) \(seconds < 0 ? "behind" : "ahead of") this machine"
    }

    private mutating func addKinds(_ cluster: DoctorReport.Cluster) {
        func names(_ state: String) -> [String] {
            cluster.kinds.filter { $0.state == state }.map { $0.kind }
        }
        let readable = cluster.kinds.filter { $0.state == "readable" }
        row(
            "kinds",
            readable.isEmpty
                ? nil : "\(readable.count) readable, \(readable.reduce(0) { $0 + $1.objects }) objects"
        )
        row("absent", names("absent").joined(separator: ", "))
        row("pending", names("pending").joined(separator: ", "), mark: "!")
        for kind in cluster.kinds where kind.state == "forbidden" || kind.state == "stale" {
            row(kind.state, "\(kind.kind): \(kind.message ?? "")", mark: "!")
        }
    }

    private mutating func addRights(_ cluster: DoctorReport.Cluster) {
        var actions: [String] = []
        for right in cluster.rights where !actions.contains(right.action) {
            actions.append(right.action)
        }
        for action in actions {
            let rights = cluster.rights.filter { $0.action == action }
            let denied = rights.filter { $0.allowed == false }
            let unknown = rights.filter { $0.allowed == nil }
            guard !denied.isEmpty || !unknown.isEmpty else {
                row("may", action)
                continue
            }
            if !unknown.isEmpty {
                row("unknown", "\(action): the cluster did not say", mark: "!")
            }
            guard !denied.isEmpty else {
                continue
            }
            let scope = denied.count == rights.count ? "" : " (\(denied.count) of \(rights.count))"
            let first = denied[0]
            let all = denied.count == 1 ? first.resource : "\(first.resource) and \(denied.count - 1) more"
            let place = first.namespace.map { " in \($0)" } ?? ""
            row("may not", "\(action)\(scope): needs \(first.verb) on \(all)\(place)", mark: "!")
        }
    }

    // MARK: - Sources and terminal

    private mutating func add(_ sources: [DoctorReport.Source]) {
        for source in sources {
            line(source.readable ? "✓" : "✗", source.url)
            row("read by", source.clusters.joined(separator: ", "))
            row("readable", source.readable ? "yes" : "no", mark: source.readable ? " " : "✗")
            row(
                "pushable",
                source.pushable.map { $0 ? "yes (asked, nothing was pushed)" : "no" } ?? "not known",
                mark: source.pushable == true ? " " : "!"
            )
            for problem in source.problems {
                row("problem", problem, mark: source.readable ? "!" : "✗")
            }
            text += "\n"
        }
    }

    private mutating func add(_ terminal: DoctorReport.Terminal) {
        line(terminal.isLimited ? "!" : "✓", "terminal", terminal.name)
        if let columns = terminal.columns, let rows = terminal.rows {
            row("size", "\(columns)x\(rows)")
        }
        row("colours", terminal.colours)
        row("encoding", terminal.encoding)
        row(terminal.isLimited ? "problem" : "output", terminal.problem, mark: terminal.isLimited ? "!" : " ")
    }
}
