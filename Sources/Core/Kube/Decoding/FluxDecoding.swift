package import FoundationEssentials

/// What an object does not say of itself: the cluster it came from, and the kind that was asked for.
///
/// - Source: items of built-in lists carry neither kind nor apiVersion.
package struct FluxDecoding: Sendable {
    package let cluster: ClusterID
    package let kind: FluxKind?
    /// The version in which it was asked for, `v1`.
    package let version: String?

    package init(cluster: ClusterID, kind: FluxKind? = nil, version: String? = nil) {
        self.cluster = cluster
        self.kind = kind
        self.version = version
    }

    /// Under this key decoders find it.
    package static let key: CodingUserInfoKey = {
        guard let key = CodingUserInfoKey(rawValue: "weir.flux") else {
            preconditionFailure("A coding key can be made from any string.")
        }
        return key
    }()

    /// A decoder for objects of this cluster.
    package var decoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.userInfo[FluxDecoding.key] = self
        return decoder
    }
}

extension FluxResource {
    /// Reads one object; nil where the bytes are no object of Flux with a name.
    ///
    /// - Shape: a field of an unexpected type costs that field, not the object.
    package static func decode(_ bytes: [UInt8], in context: FluxDecoding) -> FluxResource? {
        try? context.decoder.decode(FluxResource.self, from: Data(bytes))
    }
}
