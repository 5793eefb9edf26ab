import Chrono
import Configuration
import Dashboard
import Git
import HashTreeCollections
import Keys
import Kube
import Screen
import Views

/// A screen under test: the sample fleet, folded into a state by `reduce`, at a fixed moment.
///
/// What the state asks for is answered at once from the sample.
struct Scene {
    let sample: SampleFleet
    var state: AppState
    var now = SampleFleet.now

    init(_ size: Size = Size(columns: 120, rows: 40), sample: SampleFleet = SampleFleet()) {
        self.sample = sample
        state = AppState(profiles: sample.profiles, columns: size.columns, rows: size.rows)
        send(.repositoryChanged(sample.repository))
        for snapshot in sample.snapshots {
            send(.clusterChanged(snapshot))
        }
    }

    mutating func send(_ event: Event) {
        for effect in reduce(&state, event, now: now) {
            answer(effect)
        }
    }

    private mutating func answer(_ effect: Effect) {
        switch effect {
        case .measure(let keys):
            send(.distancesMeasured(Dictionary(uniqueKeysWithValues: keys.map { ($0, sample.distance($0)) })))
        case .loadLog(let query, let offset, _, let ticket):
            let page = LogPage(
                query: query,
                tip: sample.head,
                offset: offset,
                commits: sample.commits,
                isLast: true
            )
            send(.logLoaded(.success(page), ticket))
        case .loadDiff(_, let commit, let ticket):
            send(.diffLoaded(commit: commit, .success(sample.diff), ticket))
        case .planRevert(let request, let ticket):
            send(.revertPlanned(sample.plan(request), ticket))
        case .commitAndPush(let plan, let ticket):
            let receipt = PushReceipt(
                repository: plan.value.request.repository,
                branch: plan.value.request.destination,
                commit: SampleFleet.commit("c0ffee5"),
                remarks: plan.value.request.newBranch == nil
                    ? [] : ["Create a pull request for it by visiting:", sample.compare].map(sample.taint),
                compare: plan.value.request.newBranch.map { _ in sample.taint(sample.compare) }
            )
            send(.pushed(.success(receipt), ticket))
        case .requestReconcile(let ref, let token, _):
            send(.reconcileRequested(ref, token: token, .success(nil)))
        case .setSuspended(let ref, let isSuspended, _):
            send(.suspensionChanged(ref, isSuspended: isSuspended, .success(nil)))
        case .loadAudit(_, _, let ticket):
            send(.auditLoaded(.success(sample.audit), ticket))
        case .followLog(_, let ticket):
            send(.logTold(.lines(sample.log), ticket))
        case .loadObject(let ref, let ticket):
            send(.objectLoaded(ref, .success(sample.yaml), ticket))
        case .compareExactly(let question, let ticket):
            send(.exactlyCompared(question.applier, .success(sample.exact(question)), ticket))
        case .locate(let question, let ticket):
            send(.located(.success(sample.origins(question)), ticket))
        default: break
        }
    }

    /// Types keys: single characters, or names in angle brackets as in `:fleet<Enter>`.
    mutating func type(_ keys: String) {
        var rest = Substring(keys)
        while let character = rest.popFirst() {
            var key = Key.character(character)
            if character == "<", let end = rest.firstIndex(of: ">"),
                let named = Key(notation: String(rest[..<end]))
            {
                key = named
                rest = rest[rest.index(after: end)...]
            }
            send(.keyPressed(key))
        }
    }

    /// From the preview of a rollback to its push, as an operator goes: a reason, the name, Enter.
    mutating func push() {
        for _ in 0..<8 where rollback?.focus != .reason {
            type("<Tab>")
        }
        type("bad health check<Enter>\(rollback?.requiredName ?? "")<Enter>")
    }

    private var rollback: RollbackState? {
        if case .rollback(let rollback) = state.modal {
            return rollback
        }
        return nil
    }

    func frame(_ size: Size, glyphs: Glyphs = .unicode) -> Frame {
        render(state, size: size, glyphs: glyphs, now: now).frame
    }
}

/// What a scene shows: each is reached by the keys that an operator presses.
enum Act: String, CaseIterable, CustomStringConvertible {
    case fleet
    case fleetSync = "fleet-sync"
    case fleetDrift = "fleet-drift"
    case fleetRecent = "fleet-recent"
    case matrix
    case commits
    case drift
    case events
    case rollouts
    case audit
    case convergence
    case resource
    case resourceDrift = "resource-drift"
    case resourceLogs = "resource-logs"
    case resourceExact = "resource-exact"
    case wall
    case help
    case prompt
    case confirm
    case rollback
    case rollbackDiff = "rollback-diff"
    case rollbackRange = "rollback-range"
    case rollbackMerge = "rollback-merge"
    case rollbackPath = "rollback-path"
    case rollbackText = "rollback-text"
    case rollbackBranch = "rollback-branch"
    case proposal
    case commitsMarked = "commits-marked"
    case commitsRewritten = "commits-rewritten"
    case putBack = "put-back"
    case secret
    case rollbackConflict = "rollback-conflict"
    case rollbackImpossible = "rollback-impossible"

    var description: String { rawValue }

    /// True where a wide screen shows more than one of middle size.
    var isWide: Bool {
        switch self {
        case .rollbackRange, .rollbackMerge, .rollbackPath, .rollbackText, .rollbackBranch, .proposal,
            .commitsMarked, .commitsRewritten, .putBack, .secret:
            true
        default: false
        }
    }

    func scene(_ size: Size, taint: @escaping @Sendable (String) -> String = { $0 }) -> Scene {
        var sample = SampleFleet(taint: taint)
        switch self {
        case .rollbackConflict: sample.outcome = .conflict
        case .rollbackImpossible: sample.outcome = .impossible
        case .rollbackMerge: sample.outcome = .merge
        case .commitsRewritten:
            sample.upheaval = .rewritten(from: SampleFleet.commit("dead123"), to: sample.head)
        default: break
        }
        var scene = Scene(size, sample: sample)
        scene.type(keys)
        if self == .convergence || self == .rollouts {
            scene.push()
            scene.now = scene.now.advanced(by: .seconds(42))
            for snapshot in sample.snapshotsAfterPush {
                scene.send(.clusterChanged(snapshot))
            }
            scene.send(.timePassed)
        }
        if self == .rollouts {
            scene.type("<Esc>:rollouts<Enter>")
        }
        if self == .proposal {
            scene.push()
        }
        if self == .secret {
            let question = SecretQuestion(
                repository: SampleFleet.id,
                kind: .passphrase(key: taint("/home/ada/.ssh/id_ed25519")),
                text: taint("Enter passphrase for key '/home/ada/.ssh/id_ed25519':"),
                attempt: 2
            )
            scene.send(.secretAsked(question, id: 1))
            scene.send(.secretAsked(question, id: 2))
            scene.type("sesame")
        }
        return scene
    }

    private var keys: String {
        switch self {
        case .fleet: ""
        case .fleetSync: "<Tab>"
        case .fleetDrift: "<Tab><Tab>"
        case .fleetRecent: "<Tab><Tab><Tab>"
        case .matrix: "2"
        case .commits: "3"
        case .drift: ":drift<Enter>"
        case .events: ":events<Enter>"
        case .audit: "9"
        case .resource: "<Tab>g<Enter>"
        case .resourceLogs: "<Tab>gL"
        case .resourceDrift: ":drift<Enter>/kind:deployment<Enter>g<Enter>"
        case .resourceExact: ":drift<Enter>/kind:deployment<Enter>gD"
        case .wall: ":wall<Enter>"
        case .help: "?"
        case .prompt: ":re"
        case .confirm: "<Tab>gs"
        case .rollback, .rollbackConflict, .rollbackImpossible, .convergence, .rollouts: "3X"
        case .rollbackDiff: "3Xd"
        case .rollbackRange: "3vjjX"
        case .rollbackMerge: "3X"
        case .rollbackPath: "3jB<Ctrl-u>apps/checkout<Enter>"
        case .rollbackText: "3X<Tab><Enter>Seen first on prod-eu.<Enter><Enter>"
        case .rollbackBranch, .proposal: "3X<Tab><Tab> "
        case .commitsMarked: "3 j "
        case .commitsRewritten: "3"
        case .putBack: "3B"
        case .secret: ""
        }
    }
}
