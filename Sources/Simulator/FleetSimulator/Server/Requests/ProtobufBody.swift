import Foundation

/// Reads the few messages that kubectl sends as protobuf even to servers that would take JSON.
///
/// - Shape: the envelope of Kubernetes (`k8s` and a zero byte, then kind, apiVersion and the raw message).
/// - Source: the `generated.proto` files of k8s.io/api and k8s.io/apimachinery.
enum ProtobufBody {
    static let contentType = "application/vnd.kubernetes.protobuf"

    private indirect enum Field: Sendable {
        case string
        case bytes
        case bool
        case int
        case strings
        case map(Field)
        case message([UInt64: (name: String, field: Field)])
    }

    private static let metadata = Field.message([
        1: ("name", .string), 2: ("generateName", .string), 3: ("namespace", .string), 5: ("uid", .string),
        6: ("resourceVersion", .string), 11: ("labels", .map(.string)), 12: ("annotations", .map(.string)),
        14: ("finalizers", .strings),
    ])

    private static let messages: [String: Field] = [
        "ConfigMap": .message([
            1: ("metadata", metadata), 2: ("data", .map(.string)), 3: ("binaryData", .map(.bytes)),
            4: ("immutable", .bool),
        ]),
        "Secret": .message([
            1: ("metadata", metadata), 2: ("data", .map(.bytes)), 3: ("type", .string),
            4: ("stringData", .map(.string)), 5: ("immutable", .bool),
        ]),
        "Namespace": .message([1: ("metadata", metadata)]),
        "ServiceAccount": .message([1: ("metadata", metadata)]),
        "DeleteOptions": .message([
            1: ("gracePeriodSeconds", .int),
            2: ("preconditions", .message([1: ("uid", .string), 2: ("resourceVersion", .string)])),
            4: ("propagationPolicy", .string), 5: ("dryRun", .strings),
        ]),
        "SelfSubjectReview": .message([:]),
        "SelfSubjectRulesReview": .message([2: ("spec", .message([1: ("namespace", .string)]))]),
        "SelfSubjectAccessReview": .message([
            2: (
                "spec",
                .message([
                    1: (
                        "resourceAttributes",
                        .message([
                            1: ("namespace", .string), 2: ("verb", .string), 3: ("group", .string),
                            4: ("version", .string), 5: ("resource", .string), 6: ("subresource", .string),
                            7: ("name", .string),
                        ])
                    ),
                    2: ("nonResourceAttributes", .message([1: ("path", .string), 2: ("verb", .string)])),
                ])
            )
        ]),
    ]

    /// The message as the JSON that it stands for; nil for a kind that is not known here and for broken bytes.
    static func json(_ body: Data) -> JSON? {
        let mark = Data([0x6b, 0x38, 0x73, 0])
        guard body.starts(with: mark), let envelope = ProtobufReader.fields(body.dropFirst(mark.count)) else {
            return nil
        }
        guard
            let header = envelope.first(where: { $0.number == 1 }).flatMap({ ProtobufReader.fields($0.bytes) }
            )
        else { return nil }
        func text(_ number: UInt64) -> String {
            header.first { $0.number == number }.map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
        }
        guard let message = messages[text(2)] else { return nil }
        let raw = envelope.first { $0.number == 2 }?.bytes ?? Data()
        guard var object = value(message, [ProtobufReader.Entry(number: 2, bytes: raw, number64: 0)]) else {
            return nil
        }
        object["kind"] = .string(text(2))
        object["apiVersion"] = .string(text(1))
        return object
    }

    /// The value of a field from all its occurrences; the last one counts where there can be only one.
    private static func value(_ field: Field, _ entries: [ProtobufReader.Entry]) -> JSON? {
        guard let last = entries.last else { return nil }
        switch field {
        case .string: return .string(String(decoding: last.bytes, as: UTF8.self))
        case .bytes: return .string(last.bytes.base64EncodedString())
        case .bool: return .bool(last.number64 != 0)
        case .int: return .int(Int64(bitPattern: last.number64))
        case .strings: return .array(entries.map { .string(String(decoding: $0.bytes, as: UTF8.self)) })
        case .map(let element):
            var members: [String: JSON] = [:]
            for entry in entries {
                guard let pair = ProtobufReader.fields(entry.bytes) else { return nil }
                let key = pair.last { $0.number == 1 }.map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
                members[key] = value(element, pair.filter { $0.number == 2 }) ?? ""
            }
            return .object(members)
        case .message(let known):
            guard let fields = ProtobufReader.fields(last.bytes) else { return nil }
            var members: [String: JSON] = [:]
            for (number, place) in known {
                let own = fields.filter { $0.number == number }
                guard !own.isEmpty, let member = value(place.field, own) else { continue }
                // Go writes what is not set as an empty string, which JSON leaves out.
                if member == "" { continue }
                members[place.name] = member
            }
            return .object(members)
        }
    }
}

/// Takes protobuf apart into numbered fields, without knowing what they mean.
private enum ProtobufReader {
    struct Entry {
        let number: UInt64
        /// What a field of variable length holds.
        let bytes: Data
        /// What a field of one number holds.
        let number64: UInt64
    }

    /// The fields in order; nil when the bytes end too early.
    static func fields(_ data: Data) -> [Entry]? {
        var rest = data
        var entries: [Entry] = []
        while !rest.isEmpty {
            guard let tag = varint(&rest) else { return nil }
            switch tag & 7 {
            case 0:
                guard let value = varint(&rest) else { return nil }
                entries.append(Entry(number: tag >> 3, bytes: Data(), number64: value))
            case 1, 5:
                let length = tag & 7 == 1 ? 8 : 4
                guard rest.count >= length else { return nil }
                rest = rest.dropFirst(length)
            case 2:
                guard let length = varint(&rest), length <= UInt64(rest.count) else { return nil }
                entries.append(Entry(number: tag >> 3, bytes: Data(rest.prefix(Int(length))), number64: 0))
                rest = rest.dropFirst(Int(length))
            default:
                return nil
            }
        }
        return entries
    }

    private static func varint(_ rest: inout Data) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt64(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }
}
