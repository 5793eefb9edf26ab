/// One request to an API server as a value: nothing of it depends on how the server is reached.
///
/// - Shape: `path` starts at the server's own path prefix and is percent-encoded; query values are not.
package struct KubeRequest: Hashable, Sendable {
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case patch = "PATCH"
    }

    package var method: Method
    package var path: String
    package var query: [QueryItem]
    package var accept: String
    package var contentType: String?
    package var body: [UInt8]?
    /// Whether the answer may come compressed: lists, never watches.
    package var acceptsGzip: Bool
    /// Whether the answer is a watch: lines without a foreseeable end.
    package var isStream: Bool
    /// A POST that only asks, such as an access review.
    package var isQuestion: Bool
    /// The ETag of the answer in hand, for `If-None-Match`.
    package var entityTag: String?

    package init(
        _ method: Method = .get,
        _ path: String,
        query: [QueryItem] = [],
        accept: String = MediaType.json,
        contentType: String? = nil,
        body: [UInt8]? = nil,
        acceptsGzip: Bool = false,
        isStream: Bool = false,
        isQuestion: Bool = false,
        entityTag: String? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.accept = accept
        self.contentType = contentType
        self.body = body
        self.acceptsGzip = acceptsGzip
        self.isStream = isStream
        self.isQuestion = isQuestion
        self.entityTag = entityTag
    }

    /// True where the request could change the cluster, dry runs included: they need the same rights.
    package var isMutating: Bool {
        method != .get && !isQuestion
    }

    /// Path and query as they go on the wire.
    package var target: String {
        guard !query.isEmpty else {
            return path
        }
        return path + "?" + query.map { "\($0.name)=\($0.value.queryEncoded)" }.joined(separator: "&")
    }

    /// The headers that belong to the request itself, in the order in which they are sent.
    package var headers: [HeaderField] {
        var headers = [HeaderField("Accept", accept)]
        if let contentType {
            headers.append(HeaderField("Content-Type", contentType))
        }
        if let entityTag {
            headers.append(HeaderField("If-None-Match", entityTag))
        }
        return headers
    }
}

/// One query parameter; the value is encoded when the request is sent.
package struct QueryItem: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// The representations that weir asks for.
package enum MediaType {
    package static let json = "application/json"
    package static let mergePatch = "application/merge-patch+json"
    /// Says YAML, of which JSON is a part.
    package static let applyPatch = "application/apply-patch+yaml"
    package static let discovery =
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"
    /// Plain JSON comes last: a server that knows no metadata form sends whole objects, which read as well.
    package static let metadata =
        "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json"
    /// For what must not be sent whole, as Secrets.
    package static let metadataOnly = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
    package static let metadataList =
        "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"
}

extension String {
    /// Percent-encoded for a query value: everything but RFC 3986's unreserved characters.
    var queryEncoded: String { encoded(keeping: "-._~") }

    /// Percent-encoded for one segment of a path.
    var pathEncoded: String { encoded(keeping: "-._~:@!$&'()*+,;=") }

    private func encoded(keeping others: String) -> String {
        let kept = others.utf8
        var output: [UInt8] = []
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                output.append(byte)
            default:
                if kept.contains(byte) {
                    output.append(byte)
                } else {
                    output += byte.percentEncoded.utf8
                }
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
