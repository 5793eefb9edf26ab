/// `status.artifact` of a source, as source-controller writes it.
enum Artifact {
    /// Describes stored content.
    ///
    /// `file` is the last part of the path; `content` is anything equal for equal content.
    static func describe(
        _ source: JSON,
        revision: String,
        file: String,
        content: String,
        size: Int64? = nil,
        metadata: [String: String] = [:],
        server: String = "source-controller"
    ) -> JSON {
        let path = "\(source.kind.lowercased())/\(source.namespace ?? "")/\(source.name)/\(file)"
        let digest = ContentDigest.hex(content)
        var artifact: JSON = [
            "digest": .string("sha256:\(digest)"),
            "lastUpdateTime": .string(SimulatedTime.text()),
            "path": .string(path),
            "revision": .string(revision),
            "size": .int(size ?? 8_000 + Int64(digest.utf8.prefix(4).reduce(0) { $0 * 16 + Int($1 % 16) })),
            "url": .string("http://\(server).flux-system.svc.cluster.local./\(path)"),
        ]
        if !metadata.isEmpty { artifact["metadata"] = .map(metadata) }
        return artifact
    }

    /// The artifact of a Git revision.
    static func git(_ source: JSON, _ resolved: ResolvedReference) -> JSON {
        describe(
            source,
            revision: resolved.revision,
            file: "\(resolved.commit.oid).tar.gz",
            content: "\(source.text("spec", "url") ?? "") \(resolved.commit.oid)"
        )
    }

    /// The 40 digits of the Git commit in a revision; nil when it names none.
    static func commit(in revision: String) -> String? {
        let digest = revision.split(separator: "@").last ?? revision[...]
        let hex = digest.hasPrefix("sha1:") ? digest.dropFirst(5) : digest
        return hex.count == 40 && hex.allSatisfy(\.isHexDigit) ? String(hex) : nil
    }
}
