/// The schemas of all kinds, read from their notation once.
enum Schemas {
    /// The metadata of every object.
    static let metadata = named["meta"] ?? .any

    /// The envelope of every object: an unknown kind keeps all its fields.
    private static let unknown = record("*")

    /// The forms that the server itself makes, in the order of the wire.
    static let status = record(
        """
        kind:s apiVersion:s metadata:* status:s message:s reason:s
        details:{name:s group:s kind:s uid:s causes:[{reason:s message:s field:s}] retryAfterSeconds:i} code:i
        """
    )
    static let partialMetadata = record("kind:s apiVersion:s metadata:#meta")
    static let partialMetadataList = record(
        "kind:s apiVersion:s metadata:#listmeta items:[{kind:s apiVersion:s metadata:#meta}]"
    )
    static let table = record(
        """
        kind:s apiVersion:s metadata:#listmeta
        columnDefinitions:[{name:s type:s format:s description:s priority:i}]
        rows:[{cells:[*] object:*}]
        """
    )
    static let tableOfMetadata = record(
        """
        kind:s apiVersion:s metadata:#listmeta
        columnDefinitions:[{name:s type:s format:s description:s priority:i}]
        rows:[{cells:[*] object:{kind:s apiVersion:s metadata:#meta}}]
        """
    )
    static let listMetadata = named["listmeta"] ?? .any
    static let scale = record(
        "kind:s apiVersion:s metadata:#meta spec:{replicas:i} status:{replicas:i selector:s}"
    )

    /// The schema of a kind.
    static func schema(of type: ResourceType) -> Schema {
        if type.builtIn { return builtIn[type.kind] ?? unknown }
        return type.group.hasSuffix("fluxcd.io") || type.group.hasSuffix("controlplane.io")
            ? flux[type.kind] ?? unknown : unknown
    }

    private static let builtIn = BuiltInSchemas.texts.mapValues { record($0, envelope: "metadata~:#meta") }

    private static let flux = FluxSchemas.texts.mapValues { text in
        read("{apiVersion:s kind:s metadata:#meta \(text)}", fluxNamed)
    }

    private static let named: [String: Schema] = {
        var named = types(BuiltInSchemas.named, [:])
        named["listmeta"] = read("{resourceVersion:s continue:s remainingItemCount:i annotations:<s>}", named)
        return named
    }()

    private static let fluxNamed: [String: Schema] = {
        let metadata = Schemas.metadata
        var named = types(FluxSchemas.named, [:])
        named["meta"] = metadata
        return named
    }()

    private static func types(
        _ texts: KeyValuePairs<String, String>,
        _ start: [String: Schema]
    ) -> [String: Schema] {
        var named = start
        for (name, text) in texts { named[name] = read(text, named) }
        return named
    }

    private static func record(_ text: String, envelope: String = "") -> Schema {
        let kind = envelope.isEmpty ? "" : "kind:s apiVersion:s \(envelope) "
        return read("{\(kind)\(text)}", named)
    }

    private static func read(_ text: String, _ named: [String: Schema]) -> Schema {
        do {
            return try SchemaNotation.type(text, named: named)
        } catch {
            preconditionFailure("The schema notation cannot be read at: \(error.rest)")
        }
    }
}
