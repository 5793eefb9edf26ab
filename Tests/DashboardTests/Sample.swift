import Chrono
import Configuration
import Dashboard
import Git
import HashTreeCollections
import Keys
import Kube

/// A small fleet that tests change as they need.
enum Sample {
    static let start = Timestamp(seconds: 1_800_000_000)
    static let fleetURL = "ssh://git@git.example/acme/fleet.git"
    static let fleet = RepositoryID(url: fleetURL)

    /// 40 hex digits that begin with a few readable ones.
    static func commit(_ name: String) -> String {
        let digits = name.utf8.map { String($0 % 16, radix: 16) }.joined()
        return (digits + String(repeating: "0", count: 40)).prefix(40).lowercased()
    }

    static let old = commit("old1")
    static let bad = commit("bad9")
    static let new = commit("new5")

    static func revision(_ commit: String, branch: String = "main") -> Revision {
        Revision("\(branch)@sha1:\(commit)")
    }

    static func ref(_ cluster: String, _ kind: FluxKind, _ path: String) -> ObjectRef {
        let parts = path.split(separator: "/").map(String.init)
        return ObjectRef(
            cluster: ClusterID(cluster),
            group: kind.group,
            kind: kind.kind,
            namespace: parts.count > 1 ? parts[0] : "",
            name: parts.last ?? ""
        )
    }

    static func ready(_ status: Condition.Status, _ reason: String = "", _ message: String = "") -> Condition
    {
        Condition(type: "Ready", status: status, reason: reason, message: message, lastTransition: start)
    }

    static func source(
        _ cluster: String,
        _ path: String = "flux-system/fleet",
        at commit: String? = old,
        follows: FollowedRef = .branch("main"),
        url: String = fleetURL,
        state: SyncState = .ready
    ) -> FluxResource {
        var resource = FluxResource(
            ref: ref(cluster, .gitRepository, path),
            kind: .gitRepository,
            state: state
        )
        resource.isSuspended = state == .suspended
        resource.interval = .seconds(60)
        resource.conditions = [
            ready(state == .failed ? .no : .yes, state == .failed ? "GitOperationFailed" : "")
        ]
        resource.source = SourceFacts(
            url: url,
            follows: follows,
            artifact: commit.map { revision($0, branch: follows.branch ?? "v1") },
            artifactUpdated: start
        )
        return resource
    }

    static func applier(
        _ cluster: String,
        _ path: String,
        at commit: String? = old,
        state: SyncState = .ready,
        folder: String? = nil,
        source: String = "flux-system/fleet",
        dependsOn: [String] = [],
        message: String = ""
    ) -> FluxResource {
        var resource = FluxResource(
            ref: ref(cluster, .kustomization, path),
            kind: .kustomization,
            state: state
        )
        resource.isSuspended = state == .suspended
        resource.interval = .seconds(600)
        switch state {
        case .failed: resource.conditions = [ready(.no, "HealthCheckFailed", message)]
        case .waiting: resource.conditions = [ready(.no, "DependencyNotReady", message)]
        case .reconciling: resource.conditions = [ready(.unknown, "Progressing", message)]
        default: resource.conditions = [ready(.yes, "ReconciliationSucceeded", "Applied revision")]
        }
        resource.applier = ApplierFacts(
            source: ref(cluster, .gitRepository, source),
            path: folder ?? "./\(path)",
            prunes: true,
            dependsOn: dependsOn.map { ref(cluster, .kustomization, $0) },
            lastApplied: commit.map { revision($0) },
            lastAttempted: commit.map { revision($0) }
        )
        return resource
    }

    static func snapshot(
        _ cluster: String,
        _ resources: [FluxResource],
        link: ClusterLink = .live
    ) -> ClusterSnapshot {
        var snapshot = ClusterSnapshot(id: ClusterID(cluster), link: link)
        snapshot.confirmed = start
        snapshot.kinds = [.gitRepository: .watching, .kustomization: .watching]
        for resource in resources {
            snapshot.resources[resource.ref] = resource
        }
        return snapshot
    }

    static func mirror(head: String, branch: String = "main") -> RepositorySnapshot {
        RepositorySnapshot(
            id: fleet,
            url: fleetURL,
            heads: ["refs/heads/\(branch)": head],
            fetched: start,
            health: .current
        )
    }

    static func log(_ names: [String], author: String = "dev", email: String = "dev@example.org") -> [Commit]
    {
        names.enumerated().map { index, id in
            Commit(
                id: id,
                parents: index + 1 < names.count ? [names[index + 1]] : [],
                author: author,
                email: email,
                committed: Timestamp(seconds: start.seconds - Int64(index) * 60),
                subject: "change \(id.prefix(4))"
            )
        }
    }
}

/// A dashboard under test: events go in, effects come out, time moves by hand.
struct Rehearsal {
    var state: AppState
    var now = Sample.start

    init(
        _ clusters: [String] = ["prod-eu", "prod-us"],
        isReadOnly: Bool = false,
        protected: Set<String> = [],
        readOnly: Set<String> = [],
        settings: Settings = Settings()
    ) {
        let profiles = clusters.map { name in
            ClusterProfile(
                id: ClusterID(name),
                isProtected: protected.contains(name),
                isReadOnly: readOnly.contains(name)
            )
        }
        state = AppState(
            settings: settings,
            profiles: profiles,
            isReadOnly: isReadOnly,
            columns: 120,
            rows: 40
        )
    }

    @discardableResult
    mutating func send(_ event: Event) -> [Effect] {
        reduce(&state, event, now: now)
    }

    @discardableResult
    mutating func show(_ cluster: String, _ resources: [FluxResource], link: ClusterLink = .live) -> [Effect]
    {
        send(.clusterChanged(Sample.snapshot(cluster, resources, link: link)))
    }

    /// Types keys: single characters, or names in angle brackets as in `:fleet<Enter>`.
    @discardableResult
    mutating func type(_ keys: String) -> [Effect] {
        var effects: [Effect] = []
        var rest = Substring(keys)
        while let character = rest.popFirst() {
            var key = Key.character(character)
            if character == "<", let end = rest.firstIndex(of: ">"),
                let named = Key(notation: String(rest[..<end]))
            {
                key = named
                rest = rest[rest.index(after: end)...]
            }
            effects += send(.keyPressed(key))
        }
        return effects
    }

    mutating func wait(_ duration: Duration) -> [Effect] {
        now = now.advanced(by: duration)
        return send(.timePassed)
    }

    /// Shows the fleet's sync pane with an object selected.
    mutating func select(_ ref: ObjectRef) {
        send(.keyPressed(.character("1")))
        for _ in 0..<state.fleet.clusterRows.count where state.fleet.cluster != ref.cluster {
            type(":cluster \(ref.cluster.name)<Enter>")
        }
        while state.fleet.focus != .sync {
            type("<Tab>")
        }
        type("g")
        for _ in 0..<state.fleet.syncRows.count where state.fleet.syncCursor.selected != ref {
            type("j")
        }
    }

    var notices: [String] { state.notices.map(\.text) }

    var confirmation: Confirmation? {
        if case .confirm(let confirmation) = state.modal {
            return confirmation
        }
        return nil
    }

    var rollback: RollbackState? {
        if case .rollback(let rollback) = state.modal {
            return rollback
        }
        return nil
    }

    var prompt: Prompt? {
        if case .prompt(let prompt) = state.modal {
            return prompt
        }
        return nil
    }

    var help: HelpState? {
        if case .help(let help) = state.modal {
            return help
        }
        return nil
    }
}
