/// Patches of a kustomization file, by strategic merge and by JSON 6902 operations.
extension KustomizeBuild {
    func patch(_ resources: [Manifest], by own: JSON, folder: String) throws(BuildProblem) -> [Manifest] {
        var resources = resources
        for entry in own["patchesStrategicMerge"]?.array ?? [] {
            let text = entry.string ?? ""
            let inline = text.contains("\n") || text.contains(": ")
            let source = inline ? text : try self.text(of: text, folder: folder)
            try apply(source, named: text, target: nil, to: &resources)
        }
        for entry in (own["patches"]?.array ?? []) + (own["patchesJson6902"]?.array ?? []) {
            let source: String
            if let inline = entry.text("patch") {
                source = inline
            } else {
                source = try text(of: entry.text("path") ?? "", folder: folder)
            }
            try apply(source, named: entry.text("path") ?? "inline", target: entry["target"], to: &resources)
        }
        return resources
    }

    private func apply(
        _ source: String,
        named name: String,
        target: JSON?,
        to resources: inout [Manifest]
    ) throws(BuildProblem) {
        let documents: [JSON]
        do {
            documents = try files.documents(FileContent(identity: "patch:" + source, text: source))
        } catch {
            throw BuildProblem(message: "unable to parse SM or JSON patch from [\(name)]: \(error.message)")
        }
        for document in documents {
            if let operations = document.array {
                try apply(operations, target: target, to: &resources)
            } else {
                try apply(merge: document, target: target, to: &resources)
            }
        }
    }

    private func apply(
        _ operations: [JSON],
        target: JSON?,
        to resources: inout [Manifest]
    ) throws(BuildProblem) {
        guard let target else {
            throw BuildProblem(message: "patch target is required for JSON 6902 patches")
        }
        let selector = PatchTarget(target)
        for index in resources.indices where selector.selects(resources[index]) {
            for operation in operations {
                do {
                    resources[index].object = try JSONPatch.apply([operation], to: resources[index].object)
                } catch {
                    let name = operation["op"]?.string ?? ""
                    let path = operation["path"]?.string ?? ""
                    throw BuildProblem(
                        message:
                            "\(name) operation does not apply: doc is missing path: \(path): missing value"
                    )
                }
            }
        }
    }

    private func apply(
        merge patch: JSON,
        target: JSON?,
        to resources: inout [Manifest]
    ) throws(BuildProblem) {
        let selected: [Int]
        if let target {
            let selector = PatchTarget(target)
            selected = resources.indices.filter { selector.selects(resources[$0]) }
        } else {
            selected = resources.indices.filter { index in
                let resource = resources[index]
                return resource.kind == patch.kind && resource.object.group == patch.group
                    && resource.isCalled(patch.name)
                    && (patch.namespace == nil || patch.namespace == resource.object.namespace)
            }
            guard !selected.isEmpty else {
                let id = "\(patch.kind).\(patch.version).\(patch.group.isEmpty ? "[noGrp]" : patch.group)"
                throw BuildProblem(
                    message: "no resource matches strategic merge patch \"\(id)/\(patch.name)."
                        + "\(patch.namespace ?? "[noNs]")\": no matches for Id \(id)/\(patch.name)."
                        + "\(patch.namespace ?? "[noNs]"); failed to find unique target for patch"
                )
            }
        }
        var deleted: [Int] = []
        for index in selected {
            if patch["$patch"]?.string == "delete" {
                deleted.append(index)
                continue
            }
            var patch = patch
            // The target decides whom the patch meets; the names inside it are then only filling.
            if target != nil { patch = withoutIdentity(patch) }
            resources[index].object = merged(patch, into: resources[index].object)
        }
        for index in deleted.reversed() { resources.remove(at: index) }
    }

    /// Lists merge by the keys of the kind's schema; of a kind that the server does not know they are replaced.
    private func merged(_ patch: JSON, into object: JSON) -> JSON {
        guard let type = ObjectReference(object).key?.type else { return MergePatch.apply(patch, to: object) }
        return StrategicMergePatch.apply(patch, to: object, schema: Schemas.schema(of: type))
    }

    private func withoutIdentity(_ patch: JSON) -> JSON {
        var patch = patch
        patch["kind"] = nil
        patch["apiVersion"] = nil
        patch[path: "metadata", "name"] = nil
        patch[path: "metadata", "namespace"] = nil
        return patch
    }
}

/// The `target` of a patch: every field that is set must fit.
struct PatchTarget {
    private let wanted: JSON

    init(_ target: JSON) {
        wanted = target
    }

    func selects(_ resource: Manifest) -> Bool {
        let object = resource.object
        return fits("group", object.group) && fits("version", object.version) && fits("kind", object.kind)
            && (fits("name", object.name) || fits("name", resource.originalName))
            && fits("namespace", object.namespace ?? "")
            && selector("labelSelector", object.strings("metadata", "labels"))
            && selector("annotationSelector", object.strings("metadata", "annotations"))
    }

    /// Names and namespaces are anchored regular expressions; the kinds are compared the same way.
    private func fits(_ key: String, _ value: String) -> Bool {
        guard let pattern = wanted.text(key) else { return true }
        guard let expression = try? Regex("^(?:\(pattern))$") else { return pattern == value }
        return value.contains(expression)
    }

    /// Equality selectors: `a=b,c!=d,e`.
    private func selector(_ key: String, _ labels: [String: String]) -> Bool {
        guard let text = wanted.text(key) else { return true }
        return text.split(separator: ",").allSatisfy { term in
            let term = String(term.filter { $0 != " " })
            if let range = term.firstRange(of: "!=") {
                return labels[String(term[..<range.lowerBound])] != String(term[range.upperBound...])
            }
            let parts = term.replacing("==", with: "=").split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { return labels[term] != nil }
            return labels[String(parts[0])] == String(parts[1])
        }
    }
}
