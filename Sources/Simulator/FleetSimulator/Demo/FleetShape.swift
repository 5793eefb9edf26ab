/// Which groups of objects the demo has, so that each cluster gets about as many Flux objects as asked for.
struct FleetShape: Sendable, Equatable {
    /// A group that can be left out, in the order in which groups are left out last.
    enum Part: CaseIterable, Sendable {
        case certificates
        case releases
        case notifications
        case storage
        case generated
        case artifacts

        /// Flux objects of one cluster.
        var count: Int {
            switch self {
            case .certificates, .storage: 1
            case .releases: 7
            case .notifications: 3
            case .generated: 4
            case .artifacts: 2
            }
        }
    }

    /// Groups that are there.
    let parts: Set<Part>
    /// Applications with manifests of their own, by name.
    let apps: [String]
    /// Small services that share one folder, by name.
    let services: [String]

    /// What every cluster has: the root, three applications, two parts of infrastructure, one release.
    private static let always = 10
    private static let firstApps = ["checkout", "web", "catalog"]
    private static let moreApps = [
        "payments", "orders", "search", "profile", "inventory", "shipping", "pricing", "reviews", "loyalty",
        "gateway", "invoices", "returns", "support", "mailer", "reports", "audit", "wishlist", "promotions",
    ]

    init(resources: Int) {
        var left = resources - Self.always
        var parts: Set<Part> = []
        for part in Part.allCases where part.count <= left {
            parts.insert(part)
            left -= part.count
        }
        self.parts = parts
        let own = min(max(left, 0), Self.moreApps.count)
        apps = Self.firstApps + Self.moreApps.prefix(own)
        services = (0..<max(left - own, 0)).map { index in
            let digits = String(index + 1)
            return "svc-" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
        }
    }
}
