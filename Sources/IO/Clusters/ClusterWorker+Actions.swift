import HashTreeCollections
import Kube
import KubeWire
import Wire

extension ClusterWorker {
    typealias ResourceCompletion = @Sendable (Result<FluxResource?, ClusterFailure>) -> Void

    func requestReconcile(
        _ ref: ObjectRef,
        apiVersion: String,
        token: String,
        force: Bool,
        completion: @escaping ResourceCompletion
    ) {
        guard let resource = served(ref, version: apiVersion) else {
            completion(.failure(notServed(ref)))
            return
        }
        let request = KubeRequest.reconcile(
            resource,
            namespace: ref.namespace,
            name: ref.name,
            token: token,
            force: force
        )
        change(ref, resource, request, completion)
    }

    func setSuspended(
        _ ref: ObjectRef,
        _ suspended: Bool,
        by: String?,
        reason: String?,
        completion: @escaping ResourceCompletion
    ) {
        let version = snapshot.resources[ref]?.apiVersion
        guard let resource = served(ref, version: version),
            let kind = FluxKind.of(group: ref.group, kind: ref.kind)
        else {
            completion(.failure(notServed(ref)))
            return
        }
        guard
            let request = KubeRequest.suspend(
                resource,
                kind: kind,
                namespace: ref.namespace,
                name: ref.name,
                suspended,
                by: by,
                reason: reason,
                at: Clock.now()
            )
        else {
            completion(.failure(ClusterFailure(.invalid, "a \(ref.kind) cannot be suspended")))
            return
        }
        change(ref, resource, request, completion)
    }

    func describe(
        _ ref: ObjectRef,
        completion: @escaping @Sendable (Result<[String], ClusterFailure>) -> Void
    ) {
        let version = snapshot.resources[ref]?.apiVersion
        guard let resource = discovery.resource(group: ref.group, kind: ref.kind, version: version) else {
            completion(.failure(notServed(ref)))
            return
        }
        ask(.get(resource, namespace: ref.namespace, name: ref.name), "get", resource) { result in
            completion(
                result.flatMap { answer in
                    guard let lines = ObjectText.lines(answer.body) else {
                        return .failure(ClusterFailure(.other, "the answer cannot be read"))
                    }
                    return .success(lines)
                }
            )
        }
    }

    // MARK: - Sending

    private func change(
        _ ref: ObjectRef,
        _ resource: ServedResource,
        _ request: KubeRequest,
        _ completion: @escaping ResourceCompletion
    ) {
        let context = FluxDecoding(
            cluster: settings.id,
            kind: FluxKind.of(group: ref.group, kind: ref.kind),
            version: resource.version
        )
        ask(request, "patch", resource) { [unowned self] result in
            if case .failure(let failure) = result, case .forbidden = failure.cause {
                refusedToPatch(ref)
            }
            completion(result.map { FluxResource.decode($0.body, in: context) })
        }
    }

    func ask(
        _ request: KubeRequest,
        _ verb: String,
        _ resource: ServedResource?,
        isAgain: Bool = false,
        completion: @escaping (Result<KubeAnswer, ClusterFailure>) -> Void
    ) {
        guard !(settings.isReadOnly && request.isMutating) else {
            completion(.failure(ClusterFailure(.readOnly, LineFailure.readOnly.message)))
            return
        }
        guard link.isLive else {
            completion(
                .failure(
                    ClusterFailure(.unreachable, snapshot.link.problem ?? "not connected to the cluster")
                )
            )
            return
        }
        line.collect(request) { [unowned self] result in
            switch result {
            case .success(let answer) where answer.isSuccess: completion(.success(answer))
            case .success(let answer):
                let status = answer.status
                completion(.failure(ClusterFailure(status, verb: verb, resource: resource)))
                if status.isUnauthenticated {
                    perform(link.unauthenticated(status))
                }
            case .failure(.wire(let failure)) where failure.kind == .cut && !isAgain && !request.isMutating:
                // The connection was about to be closed when the question went out.
                ask(request, verb, resource, isAgain: true, completion: completion)
            case .failure(.readOnly):
                completion(.failure(ClusterFailure(.readOnly, LineFailure.readOnly.message)))
            case .failure(let failure):
                completion(.failure(ClusterFailure(.unreachable, failure.message)))
            }
        }
    }

    private func served(_ ref: ObjectRef, version: String?) -> ServedResource? {
        guard let kind = FluxKind.of(group: ref.group, kind: ref.kind) else {
            return nil
        }
        guard let version, !version.isEmpty else {
            return kinds[kind]?.resource ?? discovery.served(kind)
        }
        return discovery.resource(group: ref.group, kind: ref.kind, version: version)
    }

    func notServed(_ ref: ObjectRef) -> ClusterFailure {
        guard link.isLive else {
            return ClusterFailure(.unreachable, snapshot.link.problem ?? "not connected to the cluster")
        }
        return ClusterFailure(.notFound, "the cluster serves no \(ref.kind)")
    }
}

extension ClusterFailure {
    fileprivate init(_ status: KubeStatus, verb: String, resource: ServedResource?) {
        let cause: Cause =
            switch status.code {
            case _ where status.isUnauthenticated: .unauthenticated
            case 403: .forbidden(verb: verb, resource: resource?.plural ?? "")
            case 404: .notFound
            case 409: .conflict
            case 400, 405, 406, 413, 415, 422: .invalid
            case 429, 500...599: .busy
            default: .other
            }
        self.init(cause, status.message, retryAfter: status.retryAfter)
    }
}
