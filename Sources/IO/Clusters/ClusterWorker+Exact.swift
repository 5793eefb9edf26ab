import HashTreeCollections
import Kube
import KubeWire
import Wire

extension ClusterWorker {
    typealias ExactCompletion = @Sendable (Result<[ExactDrift.Finding], ClusterFailure>) -> Void

    /// Objects looked at in the same moment.
    private static let comparisonsAtOnce = 4

    /// Asks for each object what an apply would change, a few at a time.
    func compare(
        _ desired: DesiredState,
        of ref: ObjectRef,
        ignoring ignores: [IgnoreRule],
        progress: @escaping () -> Void,
        completion: @escaping ExactCompletion
    ) {
        guard !settings.isReadOnly else {
            completion(.failure(ClusterFailure(.readOnly, LineFailure.readOnly.message)))
            return
        }
        guard link.isLive else {
            completion(.failure(notServed(ref)))
            return
        }
        let run = ComparisonRun(desired, ignores: ignores, progress: progress, completion: completion)
        for _ in 0..<ClusterWorker.comparisonsAtOnce {
            goOn(run)
        }
    }

    private func goOn(_ run: ComparisonRun) {
        // What needs no answer is done in turn, not one inside the other: there may be very many.
        while let (place, object) = run.next() {
            var isAnswered = false
            var isWaiting = false
            compare(object, in: run) { [unowned self] entry, outcome in
                run.found(outcome, of: entry, at: place)
                isAnswered = true
                if isWaiting {
                    goOn(run)
                }
            }
            guard isAnswered else {
                isWaiting = true
                return
            }
        }
        run.finishIfDone()
    }

    private typealias Verdict = (InventoryEntry, ExactDrift.Finding.Outcome) -> Void

    private func compare(_ object: DesiredState.Object, in run: ComparisonRun, then: @escaping Verdict) {
        let entry = object.entry
        if let why = run.letsAlone(object) {
            then(entry, .letAlone(why))
            return
        }
        guard let resource = discovery.resource(group: entry.group, kind: entry.kind, version: entry.version)
        else {
            then(entry, .unknown("the cluster serves no \(entry.kind) of \(entry.version)"))
            return
        }
        let placed = run.placed(object, isNamespaced: resource.isNamespaced)
        guard !resource.isNamespaced || !placed.entry.namespace.isEmpty else {
            then(entry, .unknown("the manifest names no namespace"))
            return
        }
        compare(placed, resource, in: run) { then(placed.entry, $0) }
    }

    private func compare(
        _ object: DesiredState.Object,
        _ resource: ServedResource,
        in run: ComparisonRun,
        then: @escaping (ExactDrift.Finding.Outcome) -> Void
    ) {
        let entry = object.entry
        ask(.get(resource, namespace: entry.namespace, name: entry.name), "get", resource) {
            [unowned self] result in
            run.progress()
            switch result {
            case .failure(let failure) where failure.cause == .notFound: then(.missing)
            case .failure(let failure): then(.unknown(DryRunRefusal.words(failure, of: entry)))
            case .success(let answer):
                guard let live = try? ObjectValue(json: answer.body) else {
                    then(.unknown("the answer cannot be read"))
                    return
                }
                if run.manner == .kustomize, let why = ApplyPolicy.letsAlone(live, desired: object.body) {
                    then(.letAlone(why))
                    return
                }
                dryRun(object, resource, live, in: run, then: then)
            }
        }
    }

    private func dryRun(
        _ object: DesiredState.Object,
        _ resource: ServedResource,
        _ live: ObjectValue,
        in run: ComparisonRun,
        then: @escaping (ExactDrift.Finding.Outcome) -> Void
    ) {
        let entry = object.entry
        let request = KubeRequest.dryRun(
            resource,
            namespace: entry.namespace,
            name: entry.name,
            body: object.body,
            as: run.manner.manager
        )
        let backoff = Backoff(seed: UInt64.random(in: 0 ... .max, using: &random))
        dryRun(request, resource, backoff, progress: run.progress) { result in
            switch result {
            case .failure(let failure): then(.unknown(DryRunRefusal.words(failure, of: entry)))
            case .success(let answer):
                guard var after = try? ObjectValue(json: answer.body) else {
                    then(.unknown("the answer cannot be read"))
                    return
                }
                // helm-controller removes nothing of what kubectl put there.
                if run.manner == .kustomize, !ApplyPolicy.merges(live, object.body) {
                    after = FoldedFields.removed(from: after, live: live, desired: object.body)
                }
                let differences = FieldComparison.between(
                    live: live,
                    desired: after,
                    of: entry,
                    ignoring: run.ignores.paths(of: entry, ObjectMarks(object.body)),
                    by: run.manner
                )
                then(differences.isEmpty ? .same : .differs(differences))
            }
        }
    }
}

extension ClusterWorker {
    /// How often a dry run is sent again after a server that is too busy asked for that.
    private static let repetitions = 3
    /// Longer ones are not waited for, but told.
    private static let longestWait = Duration.seconds(15)

    /// Sends a dry run, again where the server says when: it changed nothing, whatever became of it.
    private func dryRun(
        _ request: KubeRequest,
        _ resource: ServedResource,
        _ backoff: Backoff,
        progress: @escaping () -> Void,
        completion: @escaping (Result<KubeAnswer, ClusterFailure>) -> Void
    ) {
        ask(request, "patch", resource) { [unowned self] result in
            progress()
            guard case .failure(let failure) = result, failure.cause == .busy,
                let asked = failure.retryAfter, asked <= ClusterWorker.longestWait,
                backoff.failures < ClusterWorker.repetitions
            else {
                completion(result)
                return
            }
            var backoff = backoff
            alarms.set(alarms.newID(), after: backoff.wait(retryAfter: asked)) { [unowned self] in
                dryRun(request, resource, backoff, progress: progress, completion: completion)
            }
        }
    }
}

/// Objects that are compared a few at a time, and what came of those that are done.
///
/// - Thread: the session's queue.
private final class ComparisonRun {
    let ignores: [IgnoreRule]
    let manner: ApplyManner
    /// Called at each answer.
    let progress: () -> Void
    private let objects: [DesiredState.Object]
    private var taken = 0
    private var outcomes: [Int: ExactDrift.Finding] = [:]
    private var completion: ClusterWorker.ExactCompletion?

    init(
        _ desired: DesiredState,
        ignores: [IgnoreRule],
        progress: @escaping () -> Void,
        completion: @escaping ClusterWorker.ExactCompletion
    ) {
        objects = desired.objects
        manner = desired.manner
        self.ignores = ignores
        self.progress = progress
        self.completion = completion
    }

    func next() -> (place: Int, object: DesiredState.Object)? {
        guard taken < objects.count else {
            return nil
        }
        taken += 1
        return (taken - 1, objects[taken - 1])
    }

    /// Why the controller leaves an object alone, whatever the cluster has; nil where it does not.
    func letsAlone(_ object: DesiredState.Object) -> String? {
        switch manner {
        case .kustomize: ApplyPolicy.letsAlone(object.body)
        case .helm: ApplyPolicy.letsAloneInRelease(object.body, object.entry, ignores)
        }
    }

    /// The object where the controller puts it: what charts make often names no namespace, and kustomize gives one to
    /// kinds that it does not know to have none.
    func placed(_ object: DesiredState.Object, isNamespaced: Bool) -> DesiredState.Object {
        let entry = object.entry
        let place: String
        switch manner {
        case .helm(let namespace) where entry.namespace.isEmpty == isNamespaced:
            place = isNamespaced ? namespace : ""
        case .kustomize where !isNamespaced && !entry.namespace.isEmpty: place = ""
        case .helm, .kustomize: return object
        }
        var body = object.body
        body["metadata"]?["namespace"] = place.isEmpty ? nil : .string(place)
        return DesiredState.Object(
            entry: InventoryEntry(
                namespace: place,
                name: entry.name,
                group: entry.group,
                kind: entry.kind,
                version: entry.version
            ),
            body: body
        )
    }

    func found(_ outcome: ExactDrift.Finding.Outcome, of entry: InventoryEntry, at place: Int) {
        outcomes[place] = ExactDrift.Finding(entry: entry, outcome: outcome)
    }

    func finishIfDone() {
        guard outcomes.count == objects.count, let completion else {
            return
        }
        self.completion = nil
        completion(.success(objects.indices.compactMap { outcomes[$0] }))
    }
}
