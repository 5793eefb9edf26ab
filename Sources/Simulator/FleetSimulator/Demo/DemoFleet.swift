import Foundation

/// The fleet that `weir demo` shows: repositories with a history, clusters with a past, and something wrong.
package enum DemoFleet {
    /// The images that never become ready.
    package static let badImages: Set<String> = ["ghcr.io/acme/checkout-api:\(badVersion)"]

    /// The version in the bad commit.
    static let badVersion = "1.9.0"
    /// The tag that a release on staging cannot be upgraded to.
    static let badRelease = "2.1.0-bad"
    static let storefrontArtifact = "oci://registry.acme.example/manifests/storefront"

    /// Fills the repositories and the clusters, so that everything is there when the first client connects.
    ///
    /// Starts the Git host if it is not running, because the clusters hold its address. Each cluster gets about
    /// `resources` Flux objects, at least twelve. What is true afterwards:
    /// the bad commit `checkout: api 1.9.0` is the third from the top of `main`; `apps/checkout` fails its health
    /// check on the production clusters, and `apps/web` waits for it; staging follows its own branch and has a
    /// source with a broken address and a stalled release; one cluster follows a tag, one fetches seldom; several
    /// objects are suspended; a ConfigMap was deleted and a Deployment edited by hand.
    ///
    /// - Errors: files that cannot be written, or a refusal of a store.
    package static func seed(
        clusters: [(name: String, store: ObjectStore)],
        gitHost: GitHost,
        resources: Int,
        seed: UInt64
    ) throws -> [SourceEntry] {
        _ = try gitHost.start()
        let members = DemoCluster.all(named: clusters.map(\.name))
        let shape = FleetShape(resources: resources)
        let now = Date()
        let landmarks = try writeRepositories(gitHost, members, shape, now: now, seed: seed)
        publish(to: gitHost)
        for (member, cluster) in zip(members, clusters) {
            var past = ClusterPast(
                cluster: member,
                isFirst: member == members.first,
                store: cluster.store,
                gitHost: gitHost,
                landmarks: landmarks,
                now: now,
                seed: seed
            )
            try past.write()
        }
        return ["fleet", "platform", "shop"].map { name in
            SourceEntry(name: name, url: gitHost.url(repository: name), branch: "main")
        }
    }

    private static func writeRepositories(
        _ gitHost: GitHost,
        _ members: [DemoCluster],
        _ shape: FleetShape,
        now: Date,
        seed: UInt64
    ) throws -> FleetHistory.Landmarks {
        let seconds = Int64(now.timeIntervalSince1970)
        for name in ["fleet", "platform", "shop"] { try gitHost.remove(repository: name) }
        var history = FleetHistory(clusters: members, shape: shape, now: seconds, seed: seed)
        try history.write(to: try gitHost.create(repository: "fleet"))
        try SideRepositories.writePlatform(to: try gitHost.create(repository: "platform"), now: seconds)
        try SideRepositories.writeShop(to: try gitHost.create(repository: "shop"), now: seconds)
        return history.landmarks
    }

    private static func publish(to gitHost: GitHost) {
        let registry = gitHost.registry
        let charts = [
            "cart": ["6.0.2", "6.1.3", "6.1.4"], "redis": ["20.3.0", "20.6.1"], "external-dns": ["1.15.0"],
            "recommender": ["2.0.9", "2.1.0"],
        ]
        for (chart, versions) in charts {
            for version in versions { registry.publish(chart: chart, version: version) }
        }
        for tag in ["1.7.4", "1.8.0", "1.8.1", "1.8.2", "1.8.3", badVersion, "1.10.0-rc.1"] {
            registry.publish(image: "ghcr.io/acme/checkout-api", tag: tag)
        }
        for tag in ["1.25.4", "1.26.2", "1.27.0", "1.27.1", "1.27.2", "1.27.3"] {
            registry.publish(image: "docker.io/library/nginx", tag: tag)
        }
        registry.publish(
            artifact: storefrontArtifact,
            from: ArtifactRegistry.Origin(repository: "shop", branch: "main", folder: "deploy")
        )
    }
}
