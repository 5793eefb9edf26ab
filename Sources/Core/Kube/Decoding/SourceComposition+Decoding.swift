extension SourceComposition {
    /// Reads what a source is put together from; nil where it has its content from its own address alone.
    init?(kind: FluxKind, spec: JSONFields, owner: ObjectRef) {
        switch kind.kind {
        case "GitRepository":
            let parts = spec.list("include").compactMap { include -> SourcePart? in
                guard let name = include["repository"].text("name") else {
                    return nil
                }
                return SourcePart(
                    source: owner.beside(FluxKind.sourceGroup, kind.kind, name, in: nil),
                    from: include.text("fromPath", limit: 1024) ?? "",
                    to: include.text("toPath", limit: 1024) ?? name
                )
            }
            guard !parts.isEmpty else {
                return nil
            }
            self = .includes(parts)
        case "ArtifactGenerator":
            let sources = SourceComposition.sources(spec, owner)
            self = .generates(
                spec.list("artifacts").compactMap { artifact in
                    artifact.text("name").map {
                        GeneratedArtifact(name: $0, parts: SourceComposition.copies(artifact, sources))
                    }
                }
            )
        case "ExternalArtifact":
            let maker = spec["sourceRef"]
            guard let name = maker.text("name"), let kind = maker.text("kind") else {
                return nil
            }
            let group = maker.text("apiVersion").map { $0.prefix { $0 != "/" } } ?? ""
            self = .made(by: owner.beside(String(group), kind, name, in: maker.text("namespace")))
        default: return nil
        }
    }

    /// The generator's sources by their alias.
    private static func sources(_ spec: JSONFields, _ owner: ObjectRef) -> [String: ObjectRef] {
        var sources: [String: ObjectRef] = [:]
        for source in spec.list("sources") {
            if let alias = source.text("alias"), let kind = source.text("kind"),
                let name = source.text("name")
            {
                sources[alias] = owner.beside(FluxKind.sourceGroup, kind, name, in: source.text("namespace"))
            }
        }
        return sources
    }

    private static func copies(_ artifact: JSONFields, _ sources: [String: ObjectRef]) -> [SourcePart] {
        artifact.list("copy").compactMap { copy in
            // `@alias/pattern` and `@artifact/path`.
            guard let from = copy.text("from", limit: 1024), let to = copy.text("to", limit: 1024),
                from.hasPrefix("@"), to.hasPrefix("@"), let slash = from.firstIndex(of: "/"),
                let source = sources[String(from[from.index(after: from.startIndex)..<slash])]
            else {
                return nil
            }
            return SourcePart(
                source: source,
                copying: String(from[from.index(after: slash)...]),
                to: String(to.drop { $0 != "/" }.dropFirst()),
                excludes: copy.rawTexts("exclude")
            )
        }
    }
}

extension ObjectRef {
    /// An object of the same cluster; of the same namespace where none is named.
    fileprivate func beside(_ group: String, _ kind: String, _ name: String, in namespace: String?)
        -> ObjectRef
    {
        ObjectRef(
            cluster: cluster,
            group: group,
            kind: kind,
            namespace: namespace ?? self.namespace,
            name: name
        )
    }
}
