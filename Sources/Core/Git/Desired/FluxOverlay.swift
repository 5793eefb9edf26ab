package import Kube
import Text

/// What a Kustomization's own `spec` adds to the kustomization file at its path.
///
/// - Source: Flux writes these into that file before it builds, and makes the file where there is none.
package struct FluxOverlay {
    private let spec: ObjectValue
    /// The components that are built, as they are written.
    package let components: [String]

    /// - Shape: `isThere` tells whether a component's path, as it is written, is in the tree.
    package init(_ spec: ObjectValue, isThere: (_ component: String) -> Bool = { _ in true }) {
        self.spec = spec
        let all = spec["components"]?.elements?.compactMap(\.text) ?? []
        components = spec["ignoreMissingComponents"] == .flag(true) ? all.filter(isThere) : all
    }

    /// True where the build is what stands in the repository.
    package var isEmpty: Bool {
        components.isEmpty
            && ["targetNamespace", "namePrefix", "nameSuffix", "patches", "images", "buildMetadata"]
                .allSatisfy {
                    spec[$0]?.isEmpty ?? true
                }
    }

    /// What the `spec` has that weir does not know, and that may be part of the build; one sentence, or nil.
    package var remark: String? {
        let unknown = (spec.members ?? [:]).filter { !$1.isEmpty && !FluxOverlay.known.contains($0) }.keys
            .sorted()
        guard !unknown.isEmpty else {
            return nil
        }
        let names = unknown.prefix(3).map { "spec.\(Sanitiser.line($0, limit: 60))" }.joined(separator: ", ")
        return "weir does not know \(names), which may change what is built"
    }

    /// What is written into the file, and what is no part of the build or dealt with elsewhere.
    private static let known: Set<String> = [
        "targetNamespace", "namePrefix", "nameSuffix", "patches", "images", "components",
        "ignoreMissingComponents", "buildMetadata", "commonMetadata", "postBuild", "decryption", "path",
        "sourceRef", "ignore", "kubeConfig", "deletionPolicy", "dependsOn", "force", "healthCheckExprs",
        "healthChecks", "interval", "prune", "retryInterval", "serviceAccountName", "suspend", "timeout",
        "wait",
        // Gone with v1beta1.
        "validation",
    ]

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
        for (name, added) in [
            ("patches", spec["patches"]?.elements ?? []), ("components", components.map(ObjectValue.string)),
        ] where !added.isEmpty {
            root[name] = .list((root[name]?.elements ?? []) + added)
        }
        if let options = spec["buildMetadata"], !options.isEmpty {
            root["buildMetadata"] = options
        }
        if let added = spec["images"]?.elements, !added.isEmpty {
            let names = Set(added.compactMap { $0["name"]?.text })
            let kept = (root["images"]?.elements ?? []).filter { !names.contains($0["name"]?.text ?? "") }
            root["images"] = .list(kept + added)
        }
        return Array(root.json.utf8)
    }
}
