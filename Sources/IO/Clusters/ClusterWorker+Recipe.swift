import Chrono
import HashTreeCollections
import Kube
import KubeWire
import Text
import Wire

// What an applier's own object says about how Git becomes objects, and what it takes from others for that.
extension ClusterWorker {
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
                readVariables(references[...], [], ref) { [unowned self] sources, newer in
                    readExclusions(spec, ref) { exclusions, remarks in
                        let recipe = ApplierRecipe(
                            spec: spec,
                            sources: sources,
                            exclusions: exclusions,
                            remarks: remarks + newer
                        )
                        completion(.success(recipe))
                    }
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
        _ newer: [String] = [],
        _ completion: @escaping ([ApplierRecipe.VariableSource], _ newer: [String]) -> Void
    ) {
        guard let reference = references.first else {
            completion(found, newer)
            return
        }
        let kind = reference["kind"]?.text ?? "ConfigMap"
        let name = reference["name"]?.text ?? ""
        func go(on values: [String: String]?, _ problem: String = "", _ remark: String? = nil) {
            let source = ApplierRecipe.VariableSource(
                kind: kind,
                name: name,
                values: values,
                problem: problem
            )
            let newer = newer + [remark].compactMap(\.self)
            readVariables(references.dropFirst(), found + [source], ref, newer, completion)
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
        ask(request, "get", resource) { [unowned self] result in
            switch result {
            case .success where kind == "Secret": go(on: nil, "weir reads no Secrets")
            case .success(let answer):
                let object = try? ObjectValue(json: answer.body)
                go(on: object?["data"]?.texts ?? [:], "", object.flatMap { changeSinceRun($0, ref) })
            case .failure(let failure) where failure.cause == .notFound && isOptional: go(on: [:])
            case .failure(let failure): go(on: nil, failure.message)
            }
        }
    }

    /// What to say of a variable source that changed after its applier last read it; nil where it did not.
    private func changeSinceRun(_ source: ObjectValue, _ ref: ObjectRef) -> String? {
        guard let run = snapshot.resources[ref]?.lastPutRight, let changed = source.lastChange, changed > run
        else {
            return nil
        }
        let name = Sanitiser.line(source["metadata"]?["name"]?.text ?? "", limit: 250)
        return
            "ConfigMap \(name) changed after the last good run: its variables may have had other values then"
    }

    /// What the applier's source leaves out, and what about its tree is not known.
    private func readExclusions(
        _ spec: ObjectValue,
        _ ref: ObjectRef,
        _ completion: @escaping (SourceExclusions, _ remarks: [String]) -> Void
    ) {
        let reference = spec["sourceRef"]
        let kind = reference?["kind"]?.text ?? ""
        guard let name = reference?["name"]?.text, ["GitRepository", "OCIRepository"].contains(kind) else {
            completion(.packed, [])
            return
        }
        let source = ObjectRef(
            cluster: ref.cluster,
            group: FluxKind.sourceGroup,
            kind: kind,
            namespace: reference?["namespace"]?.text ?? ref.namespace,
            name: name
        )
        let shown = Sanitiser.line("\(kind) \(name)", limit: 250)
        wholeObject(source) { result in
            let isGit = kind == "GitRepository"
            switch result {
            case .failure(let failure):
                let words = "which files \(shown) leaves out by spec.ignore is not known: \(failure.message)"
                completion(isGit ? .repository(ignore: nil) : .packed, [words])
            case .success(let object):
                let spec = object["spec"]
                let ignore = spec?["ignore"]?.text
                var remarks: [String] = []
                if !isGit, ignore != nil {
                    remarks.append(
                        "\(shown) leaves files out of what CI packed (spec.ignore), which weir does not"
                    )
                }
                if spec?["sparseCheckout"]?.isEmpty == false {
                    remarks.append(
                        "\(shown) checks out some directories alone (spec.sparseCheckout), weir all"
                    )
                }
                if spec?["recurseSubmodules"] == .flag(true) {
                    remarks.append("\(shown) takes submodules along, which the mirror does not have")
                }
                completion(isGit ? .repository(ignore: ignore) : .packed, remarks)
            }
        }
    }
}

extension ObjectValue {
    /// When anybody last changed an object, as far as its owners' list tells.
    fileprivate var lastChange: Timestamp? {
        let metadata = self["metadata"]
        let owners = metadata?["managedFields"]?.elements ?? []
        let times =
            owners.compactMap { $0["time"]?.text } + [metadata?["creationTimestamp"]?.text].compactMap(\.self)
        return times.compactMap { Timestamp(rfc3339: $0) }.max()
    }
}
