/// What source-watcher writes: ExternalArtifacts and the state of their generator.
struct GeneratedStatus {
    static let manager = "source-watcher"

    let store: ObjectStore
    let gitHost: GitHost

    /// Brings the generator's artifacts up to date with their sources.
    func refresh(_ object: inout JSON) {
        object.acknowledgeRequest()
        var inventory: [JSON] = []
        var revisions: [String] = []
        for entry in GeneratedArtifact.all(of: object) {
            guard
                let source = try? store.get(entry.source(for: object)),
                let revision = source.artifactRevision,
                let digest = write(entry, of: object, source: source, revision: revision)
            else {
                let message =
                    "failed to observe sources: \(entry.sourceKind)/\(entry.sourceName) has no artifact"
                object.setCondition("Ready", "False", "SourceFetchFailed", message)
                return
            }
            revisions.append("\(entry.sourceName)=\(revision)")
            inventory.append([
                "digest": .string("sha256:\(digest)"), "filename": .string("\(digest.prefix(10)).tar.gz"),
                "name": .string(entry.name), "namespace": .string(object.namespace ?? ""),
            ])
        }
        object[path: "status", "inventory"] = .array(inventory)
        object[path: "status", "observedSourcesDigest"] = .string(
            ContentDigest.named(revisions.joined(separator: " "))
        )
        let message = "reconciliation succeeded, generated \(inventory.count) artifact(s)"
        object.setCondition("Ready", "True", "Succeeded", message)
    }

    /// Creates or updates one ExternalArtifact and returns the digest of its content.
    private func write(
        _ entry: GeneratedArtifact,
        of generator: JSON,
        source: JSON,
        revision: String
    ) -> String? {
        guard let tree = ArtifactContent(store: store, gitHost: gitHost).tree(of: source) else { return nil }
        let digest = ContentDigest.hex(FolderDigest.text(of: entry.folder, in: tree))
        let key = ObjectKey(FluxKinds.externalArtifact, namespace: generator.namespace, name: entry.name)
        if (try? store.get(key)) == nil {
            _ = try? store.create(
                manifest(entry.name, of: generator),
                type: key.type,
                namespace: key.namespace,
                options: WriteOptions(fieldManager: Self.manager)
            )
        }
        guard var object = try? store.get(key) else { return nil }
        // An artifact whose files did not change keeps its revision, whatever happened to its source.
        let new = "latest@sha256:\(digest)"
        if object.artifactRevision != new {
            object[path: "status", "artifact"] = Artifact.describe(
                object,
                revision: new,
                file: "\(digest.prefix(10)).tar.gz",
                content: digest,
                metadata: ["org.opencontainers.image.revision": revision],
                server: "source-watcher"
            )
        }
        object.setCondition("Ready", "True", "Succeeded", "Artifact is ready")
        _ = try? store.update(key, manager: Self.manager, subresource: "status") {
            $0["status"] = object["status"]
        }
        return digest
    }

    private func manifest(_ name: String, of generator: JSON) -> JSON {
        [
            "apiVersion": .string(FluxKinds.externalArtifact.apiVersion),
            "kind": "ExternalArtifact",
            "metadata": [
                "name": .string(name), "namespace": .string(generator.namespace ?? ""),
                "labels": [
                    "app.kubernetes.io/managed-by": "source-watcher",
                    "source.extensions.fluxcd.io/generator": generator[path: "metadata", "uid"] ?? "",
                ],
            ],
            "spec": [
                "sourceRef": [
                    "apiVersion": .string(generator.apiVersion), "kind": .string(generator.kind),
                    "name": .string(generator.name), "namespace": .string(generator.namespace ?? ""),
                ]
            ],
        ]
    }
}

/// A text that is equal for folders with equal files.
enum FolderDigest {
    static func text(of folder: String, in tree: any FileTree) -> String {
        tree.entries(of: folder).map { name in
            let path = folder.isEmpty ? name : "\(folder)/\(name)"
            if let content = tree.content(of: path) { return "\(name) \(content.identity)\n" }
            return "\(name)/\n" + text(of: path, in: tree)
        }
        .joined()
    }
}
