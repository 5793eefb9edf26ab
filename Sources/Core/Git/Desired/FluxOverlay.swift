package import Kube

/// What a Kustomization's own `spec` adds to the kustomization file at its path.
///
/// - Source: Flux writes these into that file before it builds, and makes the file where there is none.
package struct FluxOverlay {
    private let spec: ObjectValue

    package init(_ spec: ObjectValue) {
        self.spec = spec
    }

    /// True where the build is what stands in the repository.
    package var isEmpty: Bool {
        ["targetNamespace", "namePrefix", "nameSuffix", "patches", "images", "components"].allSatisfy {
            spec[$0]?.isEmpty ?? true
        }
    }

    /// The kustomization file as Flux builds with it, as JSON, which is YAML too.
    ///
    /// - Shape: `file` is what stands in the repository, nil where nothing does; `resources` are then the manifests
    ///   and directories that Flux finds there.
    /// - Errors: nil where the file cannot be read.
    package func file(from file: [UInt8]?, resources: [String]) -> [UInt8]? {
        var root: ObjectValue
        if let file {
            guard let documents = ObjectValue.documents(String(decoding: file, as: UTF8.self)),
                documents.count <= 1, documents.first?.members != nil || documents.isEmpty
            else {
                return nil
            }
            root = documents.first ?? .object([:])
        } else {
            root = .object(["resources": .list(resources.map(ObjectValue.string))])
        }
        root["apiVersion"] = root["apiVersion"] ?? .string("kustomize.config.k8s.io/v1beta1")
        root["kind"] = root["kind"] ?? .string("Kustomization")
        for (ours, theirs) in [
            ("targetNamespace", "namespace"), ("namePrefix", "namePrefix"), ("nameSuffix", "nameSuffix"),
        ] {
            if let text = spec[ours]?.text, !text.isEmpty {
                root[theirs] = .string(text)
            }
        }
        for name in ["patches", "components"] {
            if let added = spec[name]?.elements, !added.isEmpty {
                root[name] = .list((root[name]?.elements ?? []) + added)
            }
        }
        if let added = spec["images"]?.elements, !added.isEmpty {
            let names = Set(added.compactMap { $0["name"]?.text })
            let kept = (root["images"]?.elements ?? []).filter { !names.contains($0["name"]?.text ?? "") }
            root["images"] = .list(kept + added)
        }
        return Array(root.json.utf8)
    }
}
