import Chrono
import Clusters
import Dashboard
import Git
import HashTreeCollections
import Kube
import KubeWire
import Terminal
import Themes

extension DoctorReport {
    /// Puts together what the fleet's state shows and what the close look found.
    init(
        _ state: AppState,
        _ examination: Examination,
        _ terminal: TerminalFacts,
        problems: [String],
        now: Timestamp
    ) {
        let pictures = state.profiles.compactMap { state.clusters[$0.id] }
        self.init(
            generated: now.rfc3339,
            clusters: pictures.map {
                Cluster($0, examination.clusters[$0.profile.id] ?? ClusterExamination())
            },
            sources: DoctorReport.sources(state, pictures, examination),
            terminal: Terminal(terminal),
            problems: problems,
            advice: [FleetVersions.difference(pictures)].compactMap(\.self)
        )
    }

    private static func sources(
        _ state: AppState,
        _ pictures: [ClusterPicture],
        _ examination: Examination
    ) -> [Source] {
        state.repositories.values.sorted { $0.url < $1.url }.map { repository in
            var problems: [String] = []
            if case .failed(let reason) = repository.health {
                problems.append(reason)
            }
            if [.never, .fetching].contains(repository.health) {
                problems.append("no answer yet")
            }
            var pushable: Bool?
            if let answer = examination.pushes[repository.id] {
                pushable = answer == nil
                if let answer {
                    problems.append("pushing: \(answer.message)")
                }
            }
            let isReadable = repository.health == .current
            return Source(
                url: repository.url,
                clusters: pictures.filter { $0.demands.contains { $0.id == repository.id } }
                    .map(\.profile.displayName),
                reachable: isReadable || pushable == true,
                readable: isReadable,
                pushable: pushable,
                problems: problems
            )
        }
    }
}

extension DoctorReport.Cluster {
    fileprivate init(_ picture: ClusterPicture, _ found: ClusterExamination) {
        let snapshot = picture.snapshot
        let isReachable = snapshot.link == .live || snapshot.link == .withoutFlux
        self.init(
            name: picture.profile.displayName,
            server: found.server,
            reachable: isReachable,
            error: snapshot.link == .connecting ? "no answer yet" : snapshot.link.problem,
            tls: found.trust.map { DoctorReport.TLS($0, serverName: found.serverName) },
            proxy: found.proxy,
            credentials: found.credentials,
            credentialsExpire: found.credentialsExpire?.rfc3339,
            actsAs: found.actsAs,
            user: found.user?.user,
            groups: found.user?.groups,
            serverVersion: snapshot.serverVersion,
            fluxVersion: snapshot.fluxVersion,
            kinds: isReachable ? FluxKind.all.map { DoctorReport.Kind($0, snapshot) } : [],
            rights: found.rights.map { right in
                DoctorReport.Right(
                    action: right.action,
                    verb: right.verb,
                    resource: right.resource,
                    namespace: right.namespace.isEmpty ? nil : right.namespace,
                    allowed: right.isAllowed
                )
            },
            clockSkewSeconds: snapshot.clockSkew.map { Int($0.components.seconds) },
            roundTripMilliseconds: found.roundTrip.map { ($0.inSeconds * 10_000).rounded() / 10 },
            notes: snapshot.notes
        )
    }
}

extension DoctorReport.TLS {
    fileprivate init(_ trust: ClusterExamination.Trust, serverName: String?) {
        self.serverName = serverName
        switch trust {
        case .plainHTTP: self.trust = "none"
        case .unverified: self.trust = "unverified"
        case .system: self.trust = "system"
        case .given(let until):
            self.trust = "kubeconfig"
            authorityExpires = until?.rfc3339
        }
    }
}

extension DoctorReport.Kind {
    fileprivate init(_ kind: FluxKind, _ snapshot: ClusterSnapshot) {
        self.kind = kind.kind
        let own = snapshot.resources.values.filter { $0.ref.kind == kind.kind && $0.ref.group == kind.group }
        objects = own.count
        apiVersion = own.first.map { "\(kind.group)/\($0.apiVersion)" }
        switch snapshot.kinds[kind] {
        case nil: state = "absent"
        case .listing: state = "pending"
        case .watching: state = "readable"
        case .stale(let reason): (state, message) = ("stale", reason)
        case .forbidden(let reason): (state, message) = ("forbidden", reason)
        }
    }
}

extension DoctorReport.Terminal {
    fileprivate init(_ facts: TerminalFacts) {
        isTerminal = facts.isTerminal
        columns = facts.columns
        rows = facts.rows
        name = facts.name
        colours =
            switch facts.colours {
            case .mono: "mono"
            case .ansi8: "8"
            case .ansi16: "16"
            case .indexed256: "256"
            case .trueColour: "truecolour"
            }
        encoding = facts.encoding
        problem = facts.problem
    }
}
