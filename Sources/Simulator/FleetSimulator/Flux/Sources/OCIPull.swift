import Foundation

/// What an OCIRepository finds in the simulated registry.
struct OCIPull {
    let gitHost: GitHost

    /// The artifact for what `spec.ref` asks for: the newest commit of the branch that CI packs, or of a tag.
    func artifact(for object: JSON) throws(RunFailure) -> JSON {
        let url = object.text("spec", "url") ?? ""
        guard let origin = gitHost.registry.origin(ofArtifact: url) else {
            throw failed(
                url,
                "GET https://\(url.dropFirst("oci://".count)): NAME_UNKNOWN: repository name not known"
            )
        }
        var wish = ReferenceWish(branch: origin.branch)
        var tag = object.text("spec", "ref", "tag")
        if let range = object.text("spec", "ref", "semver") { wish = ReferenceWish(semver: range) }
        let found: ResolvedReference
        do {
            let repository = try BareRepository(path: gitHost.path(repository: origin.repository))
            if wish.semver == nil, let wanted = tag, SemanticVersion(wanted) != nil {
                wish = ReferenceWish(tag: wanted)
            }
            found = try repository.resolve(wish)
        } catch {
            throw failed(url, "MANIFEST_UNKNOWN: manifest unknown")
        }
        if wish.semver != nil { tag = found.pointer }
        return artifact(for: object, from: origin, commit: found.commit, tag: tag)
    }

    /// The artifact that CI packed from a commit.
    func artifact(for object: JSON, from origin: ArtifactRegistry.Origin, commit: CommitSummary, tag: String?)
        -> JSON
    {
        let digest = ContentDigest.hex("\(object.text("spec", "url") ?? "") \(commit.oid)")
        return Artifact.describe(
            object,
            revision: "\(tag ?? "latest")@sha256:\(digest)",
            file: "sha256:\(digest).tar.gz",
            content: "layer \(digest)",
            metadata: [
                "org.opencontainers.image.created": WireTime.text(
                    Date(timeIntervalSince1970: Double(commit.seconds + 40))
                ),
                "org.opencontainers.image.revision": "\(origin.branch)@sha1:\(commit.oid)",
                "org.opencontainers.image.source": gitHost.url(repository: origin.repository),
            ]
        )
    }

    private func failed(_ url: String, _ words: String) -> RunFailure {
        RunFailure(
            reason: "OCIArtifactPullFailed",
            message: "failed to determine artifact digest: \(words)"
        )
    }
}

/// Sources whose content stays as it is.
enum StaticSource {
    /// Gives a source its artifact, or confirms the one it has.
    static func refresh(_ object: inout JSON) {
        guard object.artifactRevision == nil || object.condition("Ready") == nil else {
            SourceStatus.unchanged(&object)
            return
        }
        let address = object.text("spec", "url") ?? object.text("spec", "bucketName") ?? ""
        let digest = ContentDigest.hex("index of \(address)")
        let isIndex = object.kind == "HelmRepository"
        let artifact = Artifact.describe(
            object,
            revision: "sha256:\(digest)",
            file: isIndex ? "index-\(digest).yaml" : "\(digest).tar.gz",
            content: address
        )
        if isIndex {
            let folder = "\(object.namespace ?? "")/\(object.name)"
            object[path: "status", "url"] =
                .string(
                    "http://source-controller.flux-system.svc.cluster.local./helmrepository/\(folder)/index.yaml"
                )
        }
        let message = SourceStatus.message(for: object, revision: "sha256:\(digest)")
        SourceStatus.stored(&object, artifact: artifact, message: message)
    }
}
