import Chrono
import Kube
import KubeWire
import Testing

private let now = Timestamp(seconds: 100_000)
private let later = now.advanced(by: .seconds(60))
private let helmDeployments = DriftTracker.Sight(
    kind: GroupKind(group: "apps", kind: "Deployment"),
    family: .helmRelease
)
private let definitions = DriftTracker.Sight(
    kind: GroupKind(group: "apiextensions.k8s.io", kind: "CustomResourceDefinition"),
    family: .helmRelease
)
private let ref = ObjectRef(
    cluster: prod,
    group: FluxKind.helmRelease.group,
    kind: FluxKind.helmRelease.kind,
    namespace: "shop",
    name: "redis"
)
private let api = ObjectName(namespace: "shop", name: "api")
private let entry = InventoryEntry(
    namespace: "shop",
    name: "api",
    group: "apps",
    kind: "Deployment",
    version: "v1"
)

private func release(
    _ ids: [String] = ["shop_api_apps_Deployment", "shop_web_apps_Deployment"],
    ready: Condition.Status = .yes,
    deployed: Int64 = 50_000,
    status: String = "deployed",
    ignores: [IgnoreRule] = []
) -> FluxResource {
    var resource = FluxResource(ref: ref, kind: .helmRelease, state: .ready)
    resource.conditions = [Condition(type: "Ready", status: ready, reason: "x")]
    var facts = ApplierFacts(
        inventory: Inventory(ids.map { (id: $0, version: "v1") }),
        history: [HistoryEntry(lastReconciled: Timestamp(seconds: deployed), status: status)]
    )
    facts.ignores = ignores
    resource.applier = facts
    return resource
}

/// A tracker that saw both objects of a release.
private func tracker(_ resource: FluxResource = release()) -> MissingTracker {
    var tracker = MissingTracker()
    tracker.applierChanged(resource, now: Timestamp(seconds: 60_000))
    let names = [api, ObjectName(namespace: "shop", name: "web")]
    tracker.listed(helmDeployments, names.map { (name: $0, owner: ref) })
    _ = tracker.suspicions(now: now) { _ in nil }
    return tracker
}

private func missing(_ tracker: inout MissingTracker, at time: Timestamp = now) -> [String] {
    for entry in tracker.suspicions(now: time, fluxObject: { _ in nil }) {
        tracker.looked(at: entry, .absent, now: time)
    }
    return tracker.missing.map(\.entry.name)
}

struct MissingReleaseTests {
    @Test func `an object of a release that somebody deletes is missing`() {
        var tracker = tracker()
        #expect(missing(&tracker) == [])
        tracker.vanished(helmDeployments, api, owner: ref, now: now)
        #expect(missing(&tracker) == ["api"])
        #expect(tracker.missing.first?.applier == ref && tracker.missing.first?.onset == .at(now))
        tracker.appeared(helmDeployments, api, owner: ref)
        #expect(missing(&tracker) == [])
    }

    @Test func `what a release lacks before weir looks is missing since it was deployed`() {
        var tracker = MissingTracker()
        tracker.applierChanged(release())
        tracker.listed(helmDeployments, [(name: api, owner: ref)])
        #expect(missing(&tracker) == ["web"])
        #expect(tracker.missing.first?.onset == .after(Timestamp(seconds: 50_000)))
    }

    @Test(arguments: [
        release(ready: .unknown), release(status: "failed"), release(status: "pending-upgrade"),
        release(["shop_web_apps_Deployment"]),
        release(ignores: [IgnoreRule(paths: [""], kind: "Deployment")]),
    ])
    func `a release at work, one that failed and one that wants it no more lack nothing`(after: FluxResource)
    {
        var tracker = tracker()
        tracker.applierChanged(after, now: now)
        tracker.vanished(helmDeployments, api, owner: ref, now: now)
        #expect(missing(&tracker) == [])
    }

    @Test func `the watch of one family says nothing of the other's objects`() {
        var tracker = tracker()
        let sight = DriftTracker.Sight(kind: helmDeployments.kind, family: .kustomization)
        tracker.listed(sight, [])
        #expect(missing(&tracker) == [])
        tracker.listed(sight, [(name: api, owner: nil)])
        tracker.vanished(helmDeployments, api, owner: ref, now: now)
        #expect(missing(&tracker) == ["api"])
    }

    @Test func `definitions of a chart may never have been installed, and are missing only where they went`()
    {
        let name = ObjectName(namespace: "", name: "things.example.com")
        let id = "_things.example.com_apiextensions.k8s.io_CustomResourceDefinition"
        var tracker = MissingTracker()
        tracker.applierChanged(release([id]))
        tracker.listed(definitions, [])
        #expect(missing(&tracker) == [])
        tracker.appeared(definitions, name, owner: ref)
        tracker.vanished(definitions, name, owner: ref, now: now)
        #expect(missing(&tracker) == [name.name])
        tracker.recheck()
        #expect(missing(&tracker) == [name.name])
    }

    // MARK: - Without an inventory

    @Test func `of a release without an inventory what is deleted before weir's eyes is missing`() {
        var tracker = tracker(release([]))
        #expect(tracker.hasUnlistedReleases && missing(&tracker) == [])
        tracker.vanished(helmDeployments, api, owner: ref, applied: entry, now: now)
        #expect(missing(&tracker) == ["api"])
        tracker.recheck()
        #expect(missing(&tracker, at: later) == ["api"])
        tracker.appeared(helmDeployments, api, owner: ref)
        #expect(missing(&tracker) == [])
    }

    @Test func `a new release takes what it removed with it, and forgets what was missing`() {
        var tracker = tracker(release([]))
        tracker.vanished(helmDeployments, api, owner: ref, applied: entry, now: now)
        tracker.applierChanged(release([], ready: .unknown), now: now)
        #expect(missing(&tracker) == [])
        tracker.applierChanged(release([], deployed: 100_000), now: now)
        #expect(missing(&tracker) == [])
        #expect(!tracker.isSeen(entry))
        // The release is known to be over before its last removal is.
        tracker.vanished(helmDeployments, api, owner: ref, applied: entry, now: now.advanced(by: .seconds(2)))
        #expect(missing(&tracker) == [])
        tracker.vanished(helmDeployments, api, owner: ref, applied: entry, now: later)
        #expect(missing(&tracker, at: later) == ["api"])
        tracker.applierChanged(release([], deployed: 200_000), now: later)
        #expect(missing(&tracker, at: later) == [])
    }

    @Test func `what only carries the labels of a release is nobody's loss`() {
        var tracker = tracker(release([]))
        tracker.vanished(helmDeployments, api, owner: ref, now: now)
        #expect(missing(&tracker) == [])
    }
}
