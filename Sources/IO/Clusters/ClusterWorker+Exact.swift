import HashTreeCollections
import Kube
import KubeWire
import Wire

extension ClusterWorker {
    typealias ExactCompletion = @Sendable (Result<[ExactDrift.Finding], ClusterFailure>) -> Void

    /// Objects looked at in the same moment.
    private static let comparisonsAtOnce = 4

    // MARK: - What the applier itself says

    func recipe(
        of ref: ObjectRef,
        completion: @escaping @Sendable (Result<ApplierRecipe, ClusterFailure>) -> Void
    ) {
        wholeObject(ref) { [unowned self] result in
            switch result {
            case .failure(let failure): completion(.failure(failure))
            case .success(let object):
                guard let spec = object["spec"] else {
                    completion(.failure(ClusterFailure(.other, "the answer cannot be read")))
                    return
                }
                let references = spec["postBuild"]?["substituteFrom"]?.elements ?? []
                readVariables(references[...], [], ref) { sources in
                    completion(.success(ApplierRecipe(spec: spec, sources: sources)))
                }
            }
        }
    }

    /// An applier as the server has it now, with the fields that the picture leaves out.
    func wholeObject(
        _ ref: ObjectRef,
        completion: @escaping (Result<ObjectValue, ClusterFailure>) -> Void
    ) {
        let version = snapshot.resources[ref]?.apiVersion
        guard let resource = discovery.resource(group: ref.group, kind: ref.kind, version: version) else {
            completion(.failure(notServed(ref)))
            return
        }
        ask(.get(resource, namespace: ref.namespace, name: ref.name), "get", resource) { result in
            completion(
                result.flatMap { answer in
                    (try? ObjectValue(json: answer.body)).map { .success($0) }
                        ?? .failure(ClusterFailure(.other, "the answer cannot be read"))
                }
            )
        }
    }

    /// Reads the ConfigMaps that variables come from, one after the other; of Secrets only whether they are there.
    private func readVariables(
        _ references: ArraySlice<ObjectValue>,
        _ found: [ApplierRecipe.VariableSource],
        _ ref: ObjectRef,
        _ completion: @escaping ([ApplierRecipe.VariableSource]) -> Void
    ) {
        guard let reference = references.first else {
            completion(found)
            return
        }
        let kind = reference["kind"]?.text ?? "ConfigMap"
        let name = reference["name"]?.text ?? ""
        func go(on values: [String: String]?, _ problem: String = "") {
            let source = ApplierRecipe.VariableSource(
                kind: kind,
                name: name,
                values: values,
                problem: problem
            )
            readVariables(references.dropFirst(), found + [source], ref, completion)
        }
        let isOptional = reference["optional"] == .flag(true)
        guard ["ConfigMap", "Secret"].contains(kind),
            let resource = discovery.resource(group: "", kind: kind, version: "v1"),
            kind == "ConfigMap" || isOptional
        else {
            go(on: nil, "weir reads no Secrets")
            return
        }
        // Of a Secret only whether it is there: without its metadata form the server answers with nothing.
        let request: KubeRequest =
            kind == "Secret"
            ? .existence(resource, namespace: ref.namespace, name: name)
            : .get(resource, namespace: ref.namespace, name: name)
        ask(request, "get", resource) { result in
            switch result {
            case .success where kind == "Secret": go(on: nil, "weir reads no Secrets")
            case .success(let answer):
                let data = try? ObjectValue(json: answer.body)["data"]
                go(on: data?.texts ?? [:])
            case .failure(let failure) where failure.cause == .notFound && isOptional: go(on: [:])
            case .failure(let failure): go(on: nil, failure.message)
            }
        }
    }

    // MARK: - What the applier would do

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

    /// The object where the controller puts it: what charts make often names no namespace.
    func placed(_ object: DesiredState.Object, isNamespaced: Bool) -> DesiredState.Object {
        guard case .helm(let namespace) = manner, object.entry.namespace.isEmpty == isNamespaced else {
            return object
        }
        let (entry, place) = (object.entry, isNamespaced ? namespace : "")
        var body = object.body
        body["metadata"]?["namespace"] = isNamespaced ? .string(namespace) : nil
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
