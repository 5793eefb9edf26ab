import Text

extension SourceFacts {
    /// Reads what a source or an image kind tells; nil for the others.
    init?(kind: FluxKind, spec: JSONFields, status: JSONFields, owner: ObjectRef) {
        let artifact = status["artifact"]
        let metadata = artifact["metadata"]
        let address: String?
        switch kind.kind {
        case "GitRepository", "OCIRepository", "HelmRepository", "ResourceSetInputProvider":
            address = spec.text("url", limit: 1024)
        case "Bucket":
            address = [spec.text("endpoint"), spec.text("bucketName")].compactMap(\.self)
                .joined(separator: "/")
        case "HelmChart":
            address = spec.text("chart")
        case "ExternalArtifact", "ArtifactGenerator":
            address = ""
        case "ImageRepository":
            address = spec.text("image")
        case "ImagePolicy":
            let latest = status["latestRef"]
            self.init(
                url: latest.text("name") ?? "",
                follows: .none,
                artifact: latest.revision("tag") ?? SourceFacts.tag(status.text("latestImage"))
            )
            return
        default:
            return nil
        }
        self.init(
            url: SourceFacts.withoutCredentials(address ?? ""),
            follows: kind == .gitRepository ? FollowedRef(spec["ref"]) : .none,
            artifact: artifact.revision("revision"),
            artifactUpdated: artifact.time("lastUpdateTime"),
            origin: metadata.revision("org.opencontainers.image.revision"),
            originURL: metadata.text("org.opencontainers.image.source", limit: 1024).map {
                SourceFacts.withoutCredentials($0)
            },
            composition: SourceComposition(kind: kind, spec: spec, owner: owner),
            verifies: spec.has("verify")
        )
        if kind == .ociRepository {
            let ref = spec["ref"]
            // The most precise wins, as Flux has it.
            range =
                ref.text("digest").map { "digest \($0)" } ?? ref.text("semver").map { "versions \($0)" }
                ?? "tag \(ref.text("tag") ?? "latest")"
        } else if kind == .helmChart {
            range = "versions \(spec.text("version") ?? "*")"
            chartSource = SourceReference(spec["sourceRef"], owner: owner)?.ref
            observedIndex = status.revision("observedSourceArtifactRevision")
        }
    }

    private static func tag(_ image: String?) -> Revision? {
        guard let image, let colon = image.lastIndex(of: ":") else {
            return nil
        }
        return Revision(String(image[image.index(after: colon)...]))
    }

    /// The address without passwords, tokens and queries; an SSH user stays, as it is no secret.
    package static func withoutCredentials(_ address: String) -> String {
        guard let scheme = address.firstRange(of: "://") else {
            return address
        }
        let start = scheme.upperBound
        let end = address[start...].firstIndex { "/?#".contains($0) } ?? address.endIndex
        var authority = address[start..<end]
        if let at = authority.lastIndex(of: "@") {
            let user = authority[..<at]
            let host = authority[authority.index(after: at)...]
            let isSSH = address[..<scheme.lowerBound].lowercased().contains("ssh")
            guard isSSH else {
                authority = host
                return String(address[..<start] + authority + path(address[end...]))
            }
            let name = user.prefix { $0 != ":" }
            return String(address[..<start] + name + "@" + host + path(address[end...]))
        }
        return String(address[..<start] + authority + path(address[end...]))
    }

    private static func path(_ tail: Substring) -> Substring {
        tail.prefix { $0 != "?" && $0 != "#" }
    }
}

extension FollowedRef {
    /// Reads `spec.ref` of a GitRepository; without one Flux follows `master`.
    fileprivate init(_ ref: JSONFields) {
        if let commit = ref.text("commit") {
            self = .commit(commit)
        } else if let name = ref.text("name") {
            self = .name(name)
        } else if let range = ref.text("semver") {
            self = .semver(range)
        } else if let tag = ref.text("tag") {
            self = .tag(tag)
        } else {
            self = .branch(ref.text("branch") ?? "master")
        }
    }
}
