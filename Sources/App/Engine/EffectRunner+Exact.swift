import Clusters
import Dashboard
import Git
import Kube
import Repos
import Synchronization

extension EffectRunner {
    /// Finds out what an applier applied and asks its cluster what an apply would change now.
    func comparison(_ question: ExactQuestion, _ ticket: Ticket, by session: ClusterSession) -> Errand {
        let build: ExactComparison.Build?
        switch question.wanted {
        case .release: build = nil
        case .built(let repository, let commit, let path):
            guard let mirror = mirrors[repository] else {
                let words = "no cluster reads \(repository) at the moment: p reads all of them again"
                return { answer in
                    answer(
                        .exactlyCompared(
                            question.applier,
                            .failure(ActionFailure(.notFound, words)),
                            ticket
                        )
                    )
                }
            }
            build = ExactComparison.Build(mirror: mirror, commit: commit, path: path)
        }
        let (applier, mailbox) = (question.applier, mailbox)
        let comparison = ExactComparison(
            question: question,
            session: session,
            build: build,
            pulse: Pulse { mailbox.post(.exactProgressed(applier, isBuilding: $0, ticket)) }
        )
        return { answer in
            comparison.run { result in
                answer(.exactlyCompared(question.applier, result, ticket))
            }
        }
    }
}

/// One exact comparison on its way: the applier's own object, its manifests, and a dry run of each.
///
/// - Thread: each step on the queue of whoever answered the one before.
private struct ExactComparison: Sendable {
    /// What is built from Git, and where.
    struct Build: Sendable {
        let mirror: RepositoryMirror
        let commit: String
        let path: String
    }

    typealias Reply = @Sendable (Result<ExactDrift, ActionFailure>) -> Void

    let question: ExactQuestion
    let session: ClusterSession
    /// Nil where Helm stored in the cluster what is wanted.
    let build: Build?
    let pulse: Pulse

    func run(_ reply: @escaping Reply) {
        guard let build else {
            compareRelease(reply)
            return
        }
        session.recipe(of: question.applier) { result in
            switch result {
            case .failure(let failure): reply(.failure(ActionFailure(failure)))
            case .success(let recipe): render(recipe, build, reply)
            }
        }
    }

    private func render(_ recipe: ApplierRecipe, _ build: Build, _ reply: @escaping Reply) {
        let wanted = RenderQuestion(
            applier: question.applier,
            commit: build.commit,
            path: build.path,
            spec: recipe.spec,
            exclusions: recipe.exclusions
        )
        pulse.step(isBuilding: true)
        build.mirror.render(wanted) { rendered in
            pulse.step(isBuilding: false)
            switch rendered.flatMap({ $0.desired(by: question.applier, recipe) }) {
            case .failure(let failure): reply(.failure(ActionFailure(.other, failure.message)))
            case .success(let desired): compare(desired, .commit(build.commit), reply)
            }
        }
    }

    private func compareRelease(_ reply: @escaping Reply) {
        session.release(of: question.applier) { result in
            switch result {
            case .failure(let failure): reply(.failure(ActionFailure(failure)))
            case .success(let release):
                switch RenderedManifests.desired(by: release) {
                case .failure(let failure): reply(.failure(ActionFailure(.other, failure.message)))
                case .success(let desired):
                    compare(desired, .release("\(release.name).v\(release.version)"), reply)
                }
            }
        }
    }

    private func compare(_ desired: DesiredState, _ basis: ExactDrift.Basis, _ reply: @escaping Reply) {
        var desired = desired
        let remarks = question.remarks + desired.remarks + notes(on: &desired)
        let riddles = desired.riddles.map { ExactDrift.Finding(entry: $0.entry, outcome: .unknown($0.why)) }
        let renderer = desired.renderer
        session.compare(desired, of: question.applier, ignoring: question.ignores) { result in
            reply(
                result.mapError(ActionFailure.init).map { findings in
                    ExactDrift(
                        applier: question.applier,
                        basis: basis,
                        renderer: renderer,
                        asked: SystemClock.now,
                        findings: findings + riddles,
                        remarks: remarks
                    )
                }
            )
        } progress: {
            pulse.beat()
        }
    }

    /// Leaves what was asked for, and tells where that and the inventory do not fit together.
    private func notes(on desired: inout DesiredState) -> [String] {
        if let only = question.only {
            desired.objects.removeAll { !$0.entry.isSame(as: only, desired.manner) }
            desired.riddles.removeAll { !$0.entry.isSame(as: only, desired.manner) }
            let isThere = !desired.objects.isEmpty || !desired.riddles.isEmpty
            let name = only.ref(in: question.applier.cluster).description
            return isThere ? [] : ["what \(build == nil ? "the chart made" : "was built") has no \(name)"]
        }
        let built = desired.objects.map(\.entry) + desired.riddles.map(\.entry)
        let gone = question.inventory.filter { entry in
            // The definitions that a chart brings are in its inventory, and not in its manifest.
            let isBrought = build == nil && entry.kind == "CustomResourceDefinition"
            return !isBrought && !built.contains { $0.isSame(as: entry, desired.manner) }
        }
        guard !gone.isEmpty else {
            return []
        }
        let first = gone.prefix(3).map { $0.ref(in: question.applier.cluster).description }
        let rest = gone.count > 3 ? " and \(gone.count - 3) more" : ""
        return ["the inventory has what was not built: \(first.joined(separator: ", "))\(rest)"]
    }
}

/// Tells that a comparison goes on: each step at once, single answers of the cluster a few times a second.
private final class Pulse: Sendable {
    private static let pause: Int64 = 200_000_000
    private let told = Mutex<Int64>(0)
    private let tell: @Sendable (_ isBuilding: Bool) -> Void

    init(tell: @escaping @Sendable (_ isBuilding: Bool) -> Void) {
        self.tell = tell
    }

    func step(isBuilding: Bool) {
        told.withLock { $0 = SystemClock.uptime }
        tell(isBuilding)
    }

    func beat() {
        let now = SystemClock.uptime
        let isDue = told.withLock { told in
            guard now - told >= Pulse.pause else {
                return false
            }
            told = now
            return true
        }
        if isDue {
            tell(false)
        }
    }
}

extension InventoryEntry {
    /// True for the same object, whatever version it is named in.
    ///
    /// - Shape: what a chart made need not name its namespace, and kustomize gives one to cluster-wide kinds that it
    ///   does not know. `other` is of the inventory.
    func isSame(as other: InventoryEntry, _ manner: ApplyManner) -> Bool {
        let isThere =
            namespace == other.namespace || (manner == .kustomize ? other.namespace : namespace).isEmpty
        return kind == other.kind && name == other.name && isThere && group == other.group
    }
}
