/// What a source's content is put together from, where that is more than its own address.
package indirect enum SourceComposition: Hashable, Sendable {
    /// A GitRepository takes in other repositories (`spec.include`).
    case includes([SourcePart])
    /// An ArtifactGenerator makes artifacts out of other sources.
    case generates([GeneratedArtifact])
    /// An ExternalArtifact was made by somebody else.
    case made(by: ObjectRef)
}

/// One artifact that a generator makes.
package struct GeneratedArtifact: Hashable, Sendable {
    /// The name of the ExternalArtifact; with `spec.pathPattern` it has a placeholder such as `{app}`.
    package let name: String
    package let parts: [SourcePart]

    package init(name: String, parts: [SourcePart]) {
        self.name = name
        self.parts = parts
    }

    /// What the artifact of that name is made of; nil where it is another one.
    ///
    /// - Shape: a placeholder is filled with what stands in its place in the name.
    package func parts(of artifact: String) -> [SourcePart]? {
        guard let open = name.firstIndex(of: "{"), let close = name[open...].firstIndex(of: "}") else {
            return name == artifact ? parts : nil
        }
        let (before, after) = (name[..<open], name[name.index(after: close)...])
        guard artifact.count > before.count + after.count, artifact.hasPrefix(before),
            artifact.hasSuffix(after)
        else {
            return nil
        }
        let value = String(artifact.dropFirst(before.count).dropLast(after.count))
        return parts.map { $0.filling(String(name[open...close]), with: value) }
    }
}

/// A part of one source's content that another source hands on to its readers.
package struct SourcePart: Hashable, Sendable {
    /// The source that it is taken from.
    package let source: ObjectRef
    /// What of it is taken: a path without `./` and outer slashes, empty for all of it; copies may have `*` and `**`.
    package let from: String
    /// Where it lies for the readers, in the same form; empty is the root.
    package let to: String
    /// Patterns of what is left out of it.
    package let excludes: [String]

    package init(source: ObjectRef, from: String, to: String, excludes: [String] = []) {
        self.source = source
        self.from = SourcePart.normalised(from)
        self.to = SourcePart.normalised(to)
        self.excludes = excludes
    }

    /// A copy as a generator writes it: to a directory where `to` ends in a slash.
    package init(source: ObjectRef, copying from: String, to: String, excludes: [String] = []) {
        let name = SourcePart.normalised(from).split(separator: "/").last.map(String.init) ?? ""
        let isOne = !name.isEmpty && !SourcePart.hasWildcard(from)
        let isDirectory = to.isEmpty || to.hasSuffix("/")
        self.init(
            source: source,
            from: from,
            to: isOne && isDirectory ? "\(to)/\(name)" : to,
            excludes: excludes
        )
    }

    /// The part of `from` before the first wildcard, whole steps only: what lies below it lies below `to`.
    package var base: String {
        let steps = from.split(separator: "/")
        return steps.prefix { !SourcePart.hasWildcard($0) }.joined(separator: "/")
    }

    package static func hasWildcard(_ text: some StringProtocol) -> Bool {
        text.contains { "*?[{".contains($0) }
    }

    fileprivate func filling(_ placeholder: String, with value: String) -> SourcePart {
        SourcePart(
            source: source,
            from: from.replacing(placeholder, with: value),
            to: to.replacing(placeholder, with: value),
            excludes: excludes.map { $0.replacing(placeholder, with: value) }
        )
    }

    private static func normalised(_ path: String) -> String {
        path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }
}
