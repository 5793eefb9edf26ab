/// The objects that a Kustomization wants at one revision.
struct BuiltObjects: Sendable, Equatable {
    let revision: String
    /// The Git revision behind an artifact that is not from Git; nil for Git sources.
    let originRevision: String?
    let objects: [JSON]
    /// Digest of the built objects, by which the history tells contents apart.
    let digest: String
}

/// Reads what a Kustomization asks for and builds it from its source's artifact.
struct KustomizationPlan {
    let store: ObjectStore
    let gitHost: GitHost
    let files: ManifestFiles

    /// Where the source of a Kustomization is kept; nil for a kind that is no source.
    static func source(of object: JSON) -> ObjectKey? {
        guard
            let kind = object.text("spec", "sourceRef", "kind"),
            let type = FluxKinds.sources.first(where: { $0.kind == kind }),
            let name = object.text("spec", "sourceRef", "name")
        else { return nil }
        return ObjectKey(
            type,
            namespace: object.text("spec", "sourceRef", "namespace") ?? object.namespace,
            name: name
        )
    }

    /// Seconds between runs.
    static func interval(of object: JSON) -> Double { object.duration("interval") ?? 600 }

    /// Seconds until a failed run is repeated.
    static func retryInterval(of object: JSON) -> Double {
        object.duration("retryInterval") ?? interval(of: object)
    }

    /// Seconds that a run may take: the interval less 30 s, and never less than 30 s, unless the spec says so.
    static func timeout(of object: JSON) -> Double {
        object.duration("timeout") ?? max(interval(of: object) - 30, 30)
    }

    /// Builds everything, as the controller does between fetching and applying.
    ///
    /// - Errors: ArtifactFailed when files or the path are missing, BuildFailed for all that kustomize refuses.
    func build(_ object: JSON, source: JSON) throws(RunFailure) -> BuiltObjects {
        let revision = source.artifactRevision ?? ""
        guard let tree = ArtifactContent(store: store, gitHost: gitHost).tree(of: source) else {
            throw RunFailure(
                reason: "ArtifactFailed",
                message: "artifact not found: \(source.text("status", "artifact", "url") ?? "")"
            )
        }
        let path = FilePath.normal(object.text("spec", "path") ?? "") ?? ""
        let number = ContentDigest.digest((object.name + revision).utf8).prefix(4).reduce(0) {
            $0 << 8 | UInt64($1)
        }
        let root = "/tmp/kustomization-\(number)"
        guard tree.kind(of: path) == .folder else {
            throw RunFailure(
                reason: "ArtifactFailed",
                message: "kustomization path not found: stat \(root)/\(path): no such file or directory"
            )
        }
        var objects: [JSON]
        do {
            let build = KustomizeBuild(tree: tree, files: files, root: root)
            objects = try build.build(folder: path, overlay: Overlay(spec: object["spec"] ?? .null))
        } catch {
            throw RunFailure(reason: "BuildFailed", message: "kustomize build failed: \(error.message)")
        }
        if object[path: "spec", "postBuild"] != nil {
            let substitution = VariableSubstitution(variables: try variables(for: object))
            objects = objects.map(substitution.applied)
        }
        objects = objects.map { withCommonMetadata($0, of: object) }
        let digest = ContentDigest.named(
            objects.map { String(decoding: $0.encoded(), as: UTF8.self) }.joined()
        )
        let origin =
            source.kind == "GitRepository"
            ? nil : source.text("status", "artifact", "metadata", "org.opencontainers.image.revision")
        return BuiltObjects(revision: revision, originRevision: origin, objects: objects, digest: digest)
    }

    private func variables(for object: JSON) throws(RunFailure) -> [String: String] {
        var variables: [String: String] = [:]
        for reference in object[path: "spec", "postBuild", "substituteFrom"]?.array ?? [] {
            let kind = reference["kind"]?.string ?? "ConfigMap"
            let name = reference["name"]?.string ?? ""
            let type = kind == "Secret" ? FluxKinds.secret : FluxKinds.configMap
            guard let found = try? store.get(ObjectKey(type, namespace: object.namespace, name: name)) else {
                if reference["optional"]?.bool == true { continue }
                throw RunFailure(
                    reason: "BuildFailed",
                    message:
                        "post build failed for '\(object.name)': substitute from '\(kind)/\(name)' error: "
                        + "\(type.plural) \"\(name)\" not found"
                )
            }
            let values = found.strings("data")
            variables.merge(kind == "Secret" ? values.compactMapValues(Base64.decoded) : values) { $1 }
        }
        for (name, value) in object[path: "spec", "postBuild", "substitute"]?.object ?? [:] {
            variables[name] = value.string
        }
        return variables
    }

    private func withCommonMetadata(_ manifest: JSON, of object: JSON) -> JSON {
        var manifest = manifest
        for part in ["labels", "annotations"] {
            guard let common = object[path: "spec", "commonMetadata", part]?.object else { continue }
            let present = manifest[path: "metadata", part]?.object ?? [:]
            manifest[path: "metadata", part] = .object(present.merging(common) { $1 })
        }
        return manifest
    }

    /// The first dependency that is not met, in the words of the controller; nil when all are.
    func unmetDependency(of object: JSON, source: JSON) -> String? {
        for dependency in object[path: "spec", "dependsOn"]?.array ?? [] {
            let name = dependency["name"]?.string ?? ""
            let namespace = dependency.text("namespace") ?? object.namespace ?? ""
            let key = ObjectKey(FluxKinds.kustomization, namespace: namespace, name: name)
            guard let found = try? store.get(key) else {
                return "dependency '\(namespace)/\(name)' not found: "
                    + "kustomizations.kustomize.toolkit.fluxcd.io \"\(name)\" not found"
            }
            let observed = found[path: "status", "observedGeneration"]?.int
            guard found.isReady, observed == found.generation else {
                return "dependency '\(namespace)/\(name)' is not ready"
            }
            let applied = found.text("status", "lastAppliedRevision")
            if Self.source(of: found) == Self.source(of: object), applied != source.artifactRevision {
                return "dependency '\(namespace)/\(name)' revision is not up to date"
            }
        }
        return nil
    }

    /// What must be healthy before a run succeeds; empty when nothing is asked for.
    static func healthChecks(of object: JSON, applied: [AppliedChange]) -> [ObjectReference] {
        if object[path: "spec", "wait"]?.bool == true {
            return applied.filter { $0.action != .skipped }.map(\.object)
        }
        return (object[path: "spec", "healthChecks"]?.array ?? []).map(ObjectReference.init(healthCheck:))
    }

    /// Whether health is assessed at all.
    static func assessesHealth(_ object: JSON) -> Bool {
        object[path: "spec", "wait"]?.bool == true
            || object[path: "spec", "healthChecks"]?.array?.isEmpty == false
    }
}
