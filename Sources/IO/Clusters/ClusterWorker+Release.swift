import HashTreeCollections
import Kube
import KubeWire

// The release that Helm deployed, from where Helm stored it: fetched when it is asked for, kept by nobody.
extension ClusterWorker {
    func release(
        of ref: ObjectRef,
        completion: @escaping @Sendable (Result<StoredRelease, ClusterFailure>) -> Void
    ) {
        guard let secrets = discovery.resource(group: "", kind: "Secret", version: "v1") else {
            completion(.failure(notServed(ref)))
            return
        }
        // Nothing but the comparison needs it, and that is not made where nothing may be written.
        guard !settings.isReadOnly else {
            completion(.failure(ClusterFailure(.readOnly, LineFailure.readOnly.message)))
            return
        }
        wholeObject(ref) { [unowned self] result in
            switch result {
            case .failure(let failure): completion(.failure(failure))
            case .success(let object):
                do throws(HelmRevision.Absence) {
                    read(try HelmRevision(object), secrets, completion)
                } catch {
                    completion(.failure(ClusterFailure(.notFound, error.why)))
                }
            }
        }
    }

    private func read(
        _ revision: HelmRevision,
        _ secrets: ServedResource,
        _ completion: @escaping @Sendable (Result<StoredRelease, ClusterFailure>) -> Void
    ) {
        let request = KubeRequest.get(
            secrets,
            namespace: revision.storageNamespace,
            name: revision.secretName
        )
        ask(request, "get", secrets) { result in
            completion(
                result.mapError { revision.failure($0) }.flatMap { answer in
                    let packed = HelmRevision.packed(in: answer.body)
                    let plain = packed.flatMap {
                        HelmRevision.isCompressed($0) ? Gunzip.unpacked($0) : $0
                    }
                    guard let release = plain.flatMap({ revision.release(json: $0) }) else {
                        let words = "\(revision.place) holds no release that weir can read"
                        return .failure(ClusterFailure(.other, words))
                    }
                    return .success(release)
                }
            )
        }
    }
}

extension HelmRevision {
    /// Names of Kubernetes objects are harmless as they are.
    fileprivate var place: String { "Helm's Secret \(storageNamespace)/\(secretName)" }

    fileprivate func failure(_ failure: ClusterFailure) -> ClusterFailure {
        switch failure.cause {
        case .forbidden:
            ClusterFailure(
                failure.cause,
                "\(place) may not be read, which has what the chart made: that takes the right to get Secrets in "
                    + "\(storageNamespace). helm-controller's own report and field ownership take none"
            )
        case .notFound:
            ClusterFailure(
                failure.cause,
                "\(place) is not there: R asks helm-controller to look after the release"
            )
        default: failure
        }
    }
}
