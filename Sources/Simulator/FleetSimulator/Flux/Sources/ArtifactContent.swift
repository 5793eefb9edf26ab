/// Finds the files behind the artifact of a source.
struct ArtifactContent {
    let store: ObjectStore
    let gitHost: GitHost

    /// The files of a source's present artifact; nil when they cannot be had any more.
    func tree(of source: JSON) -> CommitTree? {
        switch source.kind {
        case "GitRepository":
            guard
                let revision = source.artifactRevision,
                let commit = Artifact.commit(in: revision),
                let name = gitHost.repository(at: source.text("spec", "url") ?? "")
            else { return nil }
            return try? CommitTree(repository: gitHost.path(repository: name), commit: commit)
        case "OCIRepository":
            guard
                let origin = gitHost.registry.origin(ofArtifact: source.text("spec", "url") ?? ""),
                let commit = originCommit(of: source)
            else { return nil }
            let path = gitHost.path(repository: origin.repository)
            return try? CommitTree(repository: path, commit: commit, folder: origin.folder)
        case "ExternalArtifact":
            return generatedTree(of: source)
        default:
            return nil
        }
    }

    /// The commit an artifact was made from, as its metadata tells.
    func originCommit(of source: JSON) -> String? {
        source.text("status", "artifact", "metadata", "org.opencontainers.image.revision")
            .flatMap(Artifact.commit)
    }

    private func generatedTree(of source: JSON) -> CommitTree? {
        guard
            let commit = originCommit(of: source),
            let name = source.text("spec", "sourceRef", "name"),
            let generator = try? store.get(
                ObjectKey(
                    FluxKinds.artifactGenerator,
                    namespace: source.text("spec", "sourceRef", "namespace") ?? source.namespace,
                    name: name
                )
            ),
            let copy = GeneratedArtifact.all(of: generator).first(where: { $0.name == source.name }),
            let upstream = try? store.get(copy.source(for: generator)),
            let repository = gitHost.repository(at: upstream.text("spec", "url") ?? "")
        else { return nil }
        return try? CommitTree(
            repository: gitHost.path(repository: repository),
            commit: commit,
            folder: copy.folder
        )
    }
}

/// One entry of an ArtifactGenerator's `spec.artifacts` that copies a folder of one Git source.
struct GeneratedArtifact: Sendable, Equatable {
    let name: String
    let sourceKind: String
    let sourceName: String
    let sourceNamespace: String?
    /// The folder that becomes the root of the artifact.
    let folder: String

    /// The entries that copy from a source the generator lists.
    static func all(of generator: JSON) -> [GeneratedArtifact] {
        let sources = generator[path: "spec", "sources"]?.array ?? []
        return (generator[path: "spec", "artifacts"]?.array ?? []).compactMap { entry in
            guard let from = entry["copy"]?[0]?["from"]?.string, from.hasPrefix("@") else { return nil }
            let parts = from.dropFirst().split(separator: "/", maxSplits: 1).map(String.init)
            guard let source = sources.first(where: { $0["alias"]?.string == parts.first }) else {
                return nil
            }
            let pattern = parts.count > 1 ? parts[1] : ""
            return GeneratedArtifact(
                name: entry["name"]?.string ?? "",
                sourceKind: source["kind"]?.string ?? "",
                sourceName: source["name"]?.string ?? "",
                sourceNamespace: source["namespace"]?.string,
                folder: pattern.split(separator: "/").prefix { !$0.contains("*") }.joined(separator: "/")
            )
        }
    }

    /// Where the store keeps the source.
    func source(for generator: JSON) -> ObjectKey {
        ObjectKey(
            FluxKinds.source(named: sourceKind) ?? FluxKinds.gitRepository,
            namespace: sourceNamespace ?? generator.namespace,
            name: sourceName
        )
    }
}
