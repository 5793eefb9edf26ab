/// One cluster of the demo: what it is for and what it follows.
struct DemoCluster: Sendable, Equatable {
    /// The part that a cluster plays, by which the clusters of the demo differ.
    enum Role: Sendable, Equatable, CaseIterable {
        /// Follows main and has the newest commit.
        case production
        /// Follows the branch `staging`.
        case staging
        /// Follows a tag.
        case pinned
        /// Follows main but fetches seldom.
        case slow
        /// Follows main with overlays of its own.
        case development
    }

    let name: String
    let role: Role

    /// Clusters by their names; names that say nothing get the parts in turn, the first two production.
    static func all(named names: [String]) -> [DemoCluster] {
        let turns: [Role] = [.production, .production, .staging, .pinned, .slow, .development]
        var edges = 0
        return names.enumerated().map { index, name in
            let role: Role
            if name.contains("prod") {
                role = .production
            } else if name.contains("stag") {
                role = .staging
            } else if name.contains("dev") {
                role = .development
            } else if name.contains("edge") {
                role = edges.isMultiple(of: 2) ? .pinned : .slow
                edges += 1
            } else {
                role = turns[index % turns.count]
            }
            return DemoCluster(name: name, role: role)
        }
    }

    /// The overlay that its applications use.
    var environment: String {
        switch role {
        case .production: "production"
        case .staging: "staging"
        case .pinned, .slow: "edge"
        case .development: "development"
        }
    }

    var region: String { name.contains("us") ? "us-east-1" : "eu-central-1" }

    /// `spec.ref` of its main source.
    var reference: JSON {
        switch role {
        case .staging: ["branch": "staging"]
        case .pinned: ["tag": .string(FleetHistory.pinnedTag)]
        default: ["branch": "main"]
        }
    }

    /// What stands before the `@` of its revisions.
    var pointer: String {
        switch role {
        case .staging: "staging"
        case .pinned: FleetHistory.pinnedTag
        default: "main"
        }
    }

    /// How often it fetches its main source.
    var fetchInterval: String {
        switch role {
        case .slow: "30m0s"
        case .development: "30s"
        case .pinned: "5m0s"
        default: "1m0s"
        }
    }
}
