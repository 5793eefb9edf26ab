import Chrono
import Configuration
import Dashboard
import Git
import HashTreeCollections
import Keys
import Kube
import Testing

/// Numbers that are the same in each run: SplitMix64.
private struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

struct EndurancePropertyTests {
    private static let clusters = ["a", "b", "c"]
    private static let commits = [Sample.old, Sample.bad, Sample.new]

    private func snapshot(_ cluster: String, _ dice: inout Dice) -> ClusterSnapshot {
        var resources = [Sample.source(cluster, at: Self.commits.randomElement(using: &dice))]
        for index in 0..<Int.random(in: 0..<6, using: &dice) {
            var applier = Sample.applier(
                cluster,
                "apps/n\(index)",
                at: Self.commits.randomElement(using: &dice),
                state: SyncState.allCases.randomElement(using: &dice) ?? .ready,
                dependsOn: ["apps/n\(Int.random(in: 0..<6, using: &dice))"]
            )
            applier.lastHandledReconcileAt = Bool.random(using: &dice) ? nil : "x"
            resources.append(applier)
        }
        let link: ClusterLink =
            Int.random(in: 0..<8, using: &dice) == 0 ? .unreachable("down", since: Sample.start) : .live
        return Sample.snapshot(
            cluster,
            Int.random(in: 0..<10, using: &dice) == 0 ? [] : resources,
            link: link
        )
    }

    private func answer(_ effect: Effect, _ dice: inout Dice) -> Event? {
        let isGood = Int.random(in: 0..<4, using: &dice) > 0
        let failure = GitFailure(isGood ? .other : .movedTip(Sample.new), "no")
        switch effect {
        case .requestReconcile(let ref, let token, _):
            return .reconcileRequested(
                ref,
                token: token,
                isGood ? .success(nil) : .failure(ActionFailure(.forbidden, "no"))
            )
        case .setSuspended(let ref, let isSuspended, _):
            return .suspensionChanged(
                ref,
                isSuspended: isSuspended,
                isGood ? .success(nil) : .failure(ActionFailure(.forbidden, "no"))
            )
        case .measure(let keys):
            return .distancesMeasured(
                Dictionary(
                    uniqueKeysWithValues: keys.map {
                        ($0, isGood ? .behind(commits: 2, touching: 1) : .unknown)
                    }
                )
            )
        case .loadLog(let query, let offset, _, let ticket):
            let page = LogPage(
                query: query,
                tip: Self.commits.randomElement(using: &dice) ?? Sample.old,
                offset: offset,
                commits: Sample.log(Self.commits),
                isLast: Bool.random(using: &dice)
            )
            return .logLoaded(isGood ? .success(page) : .failure(failure), ticket)
        case .loadDiff(_, let commit, let ticket):
            return .diffLoaded(
                commit: commit,
                isGood ? .success(CommitDiff(files: [])) : .failure(failure),
                ticket
            )
        case .planRevert(let request, let ticket):
            let plan = RevertPlan(
                request: request,
                target: Sample.log([request.commit])[0],
                tip: Sample.old,
                tree: "tree",
                message: "Revert",
                author: "",
                email: "",
                diff: CommitDiff(files: [FileDiff(change: .modified, oldPath: "a", newPath: "a")]),
                conflicts: [],
                changedPaths: request.paths,
                imagePolicies: ["apps:x"]
            )
            return .revertPlanned(isGood ? .success(plan) : .failure(failure), ticket)
        case .commitAndPush(let plan, let ticket):
            let receipt = PushReceipt(
                repository: plan.value.request.repository,
                branch: plan.value.request.branch,
                commit: Sample.new
            )
            return .pushed(isGood ? .success(receipt) : .failure(failure), ticket)
        case .loadObject(let ref, let ticket):
            return .objectLoaded(ref, .success(["a", "b"]), ticket)
        default:
            return nil
        }
    }

    private static let keys: [Key] =
        Command.defaultKeys.map(\.0) + "abcnryXWRsz/:?".map { Key.character($0) }
        + [.backspace, .enter, .escape, .enter, .tab, .paste("x\u{1B}[2Jy\nz"), .character("\u{301}")]

    @Test(arguments: [
        (1, false), (2, false), (3, false), (4, true), (5, false), (6, true), (7, false), (8, false),
    ])
    func `any keys, answers, changes and sizes leave a state that holds`(seed: UInt64, isReadOnly: Bool) {
        var dice = Dice(state: seed)
        var rehearsal = Rehearsal(Self.clusters, isReadOnly: isReadOnly, protected: ["a"], readOnly: ["c"])
        var pending: [Effect] = []
        for _ in 0..<600 {
            rehearsal.now = rehearsal.now.advanced(by: .milliseconds(Int.random(in: 0..<2_000, using: &dice)))
            var event = Event.timePassed
            switch Int.random(in: 0..<20, using: &dice) {
            case 0..<12: event = .keyPressed(Self.keys.randomElement(using: &dice) ?? .enter)
            case 12, 13:
                event = .clusterChanged(snapshot(Self.clusters.randomElement(using: &dice) ?? "a", &dice))
            case 14:
                event = .repositoryChanged(
                    Sample.mirror(head: Self.commits.randomElement(using: &dice) ?? Sample.old)
                )
            case 15:
                event = .resized(
                    columns: Int.random(in: -1..<300, using: &dice),
                    rows: Int.random(in: -1..<100, using: &dice)
                )
            case 16: event = .pointed(.fleetRow(.sync, index: Int.random(in: -2..<9, using: &dice)))
            default:
                if !pending.isEmpty {
                    let effect = pending.remove(at: Int.random(in: 0..<pending.count, using: &dice))
                    event = answer(effect, &dice) ?? .timePassed
                }
            }
            let effects = rehearsal.send(event)
            pending = (pending + effects).suffix(50)
            let mutating = effects.filter(\.isMutating)
            #expect(mutating.isEmpty || !isReadOnly, "seed \(seed)")
            #expect(!mutating.contains { $0.changedCluster == ClusterID("c") }, "seed \(seed)")
            check(rehearsal, seed)
        }
    }

    private func check(_ rehearsal: Rehearsal, _ seed: UInt64) {
        let fleet = rehearsal.state.fleet
        let isInBounds =
            (fleet.syncRows.isEmpty
                || fleet.syncRows[fleet.syncCursor.index].ref == fleet.syncCursor.selected)
            && (fleet.clusterRows.isEmpty || fleet.clusterRows[fleet.clusterCursor.index] == fleet.cluster)
            && (fleet.driftRows.isEmpty
                || fleet.driftRows[fleet.driftCursor.index].id == fleet.driftCursor.selected)
        #expect(isInBounds, "seed \(seed)")
        let next = nextChange(rehearsal.state, now: rehearsal.now)
        #expect(next.map { $0 > rehearsal.now } != false, "seed \(seed)")
        for row in fleet.syncRows.prefix(3) {
            #expect(rehearsal.state.line(row).path == row.ref.path)
        }
        _ = rehearsal.state.hints
    }
}
