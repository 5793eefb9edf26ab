import Foundation

/// The form in which a client wants its answer.
struct Representation: Sendable, Equatable {
    /// What is shown of an object.
    enum Form: Sendable, Equatable {
        case whole
        case partialMetadata
        case partialMetadataList
        case table
    }

    enum Encoding: Sendable, Equatable {
        case json
        case yaml
    }

    let form: Form
    let encoding: Encoding

    static let plain = Representation(form: .whole, encoding: .json)

    /// The best form that the `Accept` header offers and the server has; nil when there is none.
    init?(accept: String?) {
        guard let accept, !accept.trimmingCharacters(in: .whitespaces).isEmpty else {
            self = .plain
            return
        }
        let found = MediaRange.list(accept).lazy.compactMap(Self.init(range:)).first
        guard let found else { return nil }
        self = found
    }

    private init(form: Form, encoding: Encoding) {
        self.form = form
        self.encoding = encoding
    }

    private init?(range: MediaRange) {
        let encoding: Encoding
        switch range.type {
        case "application/json", "application/*", "*/*": encoding = .json
        case "application/yaml": encoding = .yaml
        default: return nil
        }
        guard let kind = range.parameters["as"] else {
            self.init(form: .whole, encoding: encoding)
            return
        }
        guard range.parameters["g"] == "meta.k8s.io", ["v1", "v1beta1"].contains(range.parameters["v"]) else {
            return nil
        }
        switch kind {
        case "Table": self.init(form: .table, encoding: encoding)
        case "PartialObjectMetadata": self.init(form: .partialMetadata, encoding: encoding)
        case "PartialObjectMetadataList": self.init(form: .partialMetadataList, encoding: encoding)
        default: return nil
        }
    }

    /// The sentence of a 406 to a client that offers nothing the server has.
    static let notAcceptable = APIStatus(
        code: 406,
        reason: "NotAcceptable",
        message: "only the following media types are accepted: application/json, application/yaml, "
            + "application/vnd.kubernetes.protobuf"
    )
}

/// One alternative of an `Accept` header.
struct MediaRange: Sendable {
    let type: String
    let parameters: [String: String]

    private init(_ text: some StringProtocol) {
        var parts = text.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
        type = parts.isEmpty ? "" : parts.removeFirst().lowercased()
        parameters = Dictionary(
            parts.map { part in
                let pair = part.split(separator: "=", maxSplits: 1)
                return (String(pair.first ?? ""), pair.count > 1 ? String(pair[1]) : "")
            },
            uniquingKeysWith: { $1 }
        )
    }

    /// The alternatives, the most wanted first.
    static func list(_ header: String) -> [MediaRange] {
        let ranges = header.split(separator: ",").map { MediaRange($0) }
        return ranges.enumerated().sorted { one, other in
            one.element.quality == other.element.quality
                ? one.offset < other.offset : one.element.quality > other.element.quality
        }.map(\.element)
    }

    private var quality: Double {
        parameters["q"].flatMap(Double.init) ?? 1
    }
}
