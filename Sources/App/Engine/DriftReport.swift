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
        /// False where anything could not be compared with Git: then no drift means nothing.
        var complete: Bool
        /// What could not be compared, one sentence each.
        var blindSpots: [String]
        /// What weir does not look at by design, one sentence each; it does not make the report incomplete.
        var notLookedAt: [String]
        /// What may make an exact comparison differ from what Flux does, one sentence each.
        var remarks: [String]?
        /// How many objects were compared by dry runs; absent where that was not asked for.
        var exactlyCompared: Int?
        /// Since when nothing is missed; what was put back before is known from Events and the ledger alone.
        var watchedSince: String?
        var drift: [Row]
    }

    package struct Object: Encodable, Hashable, Sendable {
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

    /// One field as Git has it beside what it is.
    package struct Field: Encodable, Sendable {
        var path: String
        /// Absent where Git removes it, and for values that are not told.
        var desired: String?
        /// Absent where it is not there, and for values that are not told.
        var live: String?
        /// `changed`, `removed` from Git's point of view, or `missing` live.
        var change: String
    }

    package struct Row: Encodable, Sendable {
        /// `exact` for what only a dry run tells, `edited`, `overridden`, `removed`, `extra`, `missing`, `helm`, `apply`, `source`, `rewritten`, `corrected`.
        var type: String
        /// False for what is over, and for what Flux leaves alone.
        var counts: Bool
        var applier: Object
        var object: Object?
        var message: String
        /// In people's words, as far as it is recorded; `?` for who removed fields.
        var who: [String]
        var hands: [Hand]
        /// Absent where nobody knows; of what was put back: when that was.
        var since: String?
        /// Before this it did not differ, which is all that is known where `since` is absent.
        var notBefore: String?
        var comesBack: String?
        /// At the latest after so long, where the applier does not tell when it ran last: `10m`, `1h`.
        var comesBackWithin: String?
        var stays: String?
        var putBackLastHour: Int
        /// The controller that put it back within the last hour; never among `who`.
        var putBackBy: String?
        var flapping: Bool
        /// What a dry run answered: `differs`, `missing`, `same`, `let alone`, `unknown`; absent where none was made.
        var exact: String?
        var fields: [Field]?
    }

    var version = 1
    var generated: String
    var clusters: [Cluster]

    /// True where every cluster was compared with Git as a whole.
    var isComplete: Bool { clusters.allSatisfy { $0.reachable && $0.complete } }

    /// 2 where not everything was compared, else 1 where something differs.
    package var exitCode: Int32 {
        guard isComplete else {
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
