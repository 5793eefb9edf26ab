import FoundationEssentials

/// What `weir drift -o json` prints: what differs from Git, who did it and when it comes back.
///
/// - Shape: documented in docs/drift.md; `version` grows only when a field changes its meaning or goes.
package struct DriftReport: Encodable, Sendable {
    package struct Cluster: Encodable, Sendable {
        var name: String
        var group: String?
        var reachable: Bool
        /// One sentence; absent where nothing is wrong with the connection.
        var error: String?
        /// False where objects could not all be looked at in time.
        var complete: Bool
        /// Kinds whose objects are not seen, one sentence each.
        var blindSpots: [String]
        var drift: [Row]
    }

    package struct Object: Encodable, Sendable {
        var group: String
        var kind: String
        var namespace: String
        var name: String
    }

    package struct Hand: Encodable, Sendable {
        var nature: String
        var name: String
        var manager: String
        var fields: [String]
        var fieldCount: Int
        var time: String?
        /// Whether the applier puts it back; absent where that cannot be told.
        var putBack: Bool?
    }

    package struct Row: Encodable, Sendable {
        /// `edited`, `overridden`, `removed`, `extra`, `missing`, `helm`, `apply`, `source`, `rewritten`, `corrected`.
        var type: String
        /// False for what is over, and for what Flux leaves alone.
        var counts: Bool
        var applier: Object
        var object: Object?
        var message: String
        /// In people's words, as far as it is recorded; `?` for who removed fields.
        var who: [String]
        var hands: [Hand]
        var since: String?
        var comesBack: String?
        var stays: String?
        var putBackLastHour: Int
        var flapping: Bool
    }

    var version = 1
    var generated: String
    var clusters: [Cluster]

    /// 2 where a cluster is not known, else 1 where something differs.
    package var exitCode: Int32 {
        if clusters.contains(where: { !$0.reachable || !$0.complete }) {
            return 2
        }
        return clusters.contains { $0.drift.contains(where: \.counts) } ? 1 : 0
    }

    package var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let bytes = try? encoder.encode(self) else {
            preconditionFailure("a report of strings and numbers always encodes")
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
