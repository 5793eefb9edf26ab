import Chrono
import Kube
import KubeWire
import Testing

/// Releases that Helm itself installed and helm-controller took over.
struct AdoptedReleaseTests {
    private static let deployments = GroupKind(group: "apps", kind: "Deployment")
    private static let start = Timestamp(seconds: 1_795_464_000)

    private static var release: FluxResource {
        let kind = FluxKind.helmRelease
        let ref = ObjectRef(
            cluster: prod,
            group: kind.group,
            kind: kind.kind,
            namespace: "shop",
            name: "redis"
        )
        var resource = FluxResource(ref: ref, kind: kind, state: .ready)
        resource.applier = ApplierFacts(
            inventory: Inventory([(id: "shop_redis_apps_Deployment", version: "v1")])
        )
        return resource
    }

    private static func entry(_ manager: String, _ minute: Int, _ fields: String) -> String {
        """
        {"manager":"\(manager)","operation":"Update","apiVersion":"apps/v1",
         "time":"2026-11-22T20:0\(minute):00Z","fieldsType":"FieldsV1","fieldsV1":{\(fields)}}
        """
    }

    /// All that a chart sets and helm-controller did not change.
    private static func installed(_ manager: String, at minute: Int) -> String {
        entry(
            manager,
            minute,
            #""f:metadata":{"f:labels":{"f:app":{}}},"f:spec":{"f:replicas":{},"f:paused":{}}"#
        )
    }

    private static let adopted = entry(
        "helm-controller",
        5,
        #""f:metadata":{"f:labels":{"f:helm.toolkit.fluxcd.io/name":{}}}"#
    )

    /// The hands that a tracker finds after it saw these entries of owners, one after another.
    private static func hands(_ seen: [[String]]) throws -> [DriftHand] {
        var tracker = DriftTracker()
        tracker.applierChanged(release)
        for (minute, entries) in seen.enumerated() {
            let json = """
                {"apiVersion":"apps/v1","kind":"Deployment","metadata":{
                 "namespace":"shop","name":"redis","uid":"u","resourceVersion":"\(minute)",
                 "labels":{"helm.toolkit.fluxcd.io/name":"redis","helm.toolkit.fluxcd.io/namespace":"shop"},
                 "managedFields":[\(entries.joined(separator: ","))]}}
                """
            let reader = AnswerReader<ObjectMetadata>(cluster: prod, readsOwnership: true)
            let object = try #require(reader.object(Array(json.utf8)))
            let now = start.advanced(by: .seconds(60 * minute))
            tracker.changed(
                DriftTracker.Sight(kind: deployments, family: .helmRelease),
                object,
                in: prod,
                now: now
            )
            tracker.judge(now: now)
        }
        return tracker.drifted.flatMap(\.hands)
    }

    @Test(arguments: ["helm", "terraform-provider-helm_v2.17.0_x5"])
    func `what was installed before the controller took over is no edit`(manager: String) throws {
        let untouched = [AdoptedReleaseTests.installed(manager, at: 1), AdoptedReleaseTests.adopted]
        #expect(try AdoptedReleaseTests.hands([untouched]).isEmpty)
        #expect(try AdoptedReleaseTests.hands([untouched, untouched]).isEmpty)
    }

    @Test func `an upgrade by hand after the controller's is an edit, whether it was seen before or not`()
        throws
    {
        let before = [AdoptedReleaseTests.installed("helm", at: 1), AdoptedReleaseTests.adopted]
        let after = [AdoptedReleaseTests.installed("helm", at: 7), AdoptedReleaseTests.adopted]
        for seen in [[after], [before, after]] {
            let hands = try AdoptedReleaseTests.hands(seen)
            #expect(hands.map(\.nature) == [.edited] && hands.map(\.name) == ["Helm"])
            #expect(hands.first?.fields.contains("spec.replicas") == true)
        }
    }

    @Test func `a field that leaves what Helm installed was taken, and one that goes was removed`() throws {
        let before = [AdoptedReleaseTests.installed("helm", at: 1), AdoptedReleaseTests.adopted]
        let left = AdoptedReleaseTests.entry(
            "helm",
            1,
            #""f:metadata":{"f:labels":{"f:app":{}}},"f:spec":{"f:paused":{}}"#
        )
        let taken = AdoptedReleaseTests.entry("acme-operator", 8, #""f:spec":{"f:replicas":{}}"#)
        let overridden = try AdoptedReleaseTests.hands([before, [left, AdoptedReleaseTests.adopted, taken]])
        #expect(overridden.map(\.nature) == [.overridden] && overridden.first?.fields == ["spec.replicas"])
        let removed = try AdoptedReleaseTests.hands([before, [left, AdoptedReleaseTests.adopted]])
        #expect(removed.map(\.nature) == [.removed])
    }

    @Test(arguments: [
        // Before the controller wrote: whatever the chart says was put back then.
        ("kubectl-edit", 2, [DriftHand.Nature.extra]), ("kubectl-edit", 8, [.edited]),
    ])
    func `an edit counts that the controller has not written over`(
        manager: String,
        minute: Int,
        natures: [DriftHand.Nature]
    ) throws {
        let edit = AdoptedReleaseTests.entry(manager, minute, #""f:spec":{"f:hostname":{}}"#)
        let hands = try AdoptedReleaseTests.hands([[AdoptedReleaseTests.adopted, edit]])
        #expect(hands.map(\.nature) == natures)
    }

    @Test(arguments: [
        ("rancher", #""f:metadata":{"f:annotations":{"f:field.cattle.io/publicEndpoints":{}}}"#, true),
        ("rancher", #""f:spec":{"f:replicas":{}}"#, false),
        ("k9s", #""f:metadata":{"f:annotations":{"f:note":{}}}"#, false),
    ])
    func `what a controller among the tools notes in metadata does not count`(
        manager: String,
        fields: String,
        isExtra: Bool
    ) throws {
        let entry = AdoptedReleaseTests.entry(manager, 8, fields)
        let hands = try AdoptedReleaseTests.hands([[AdoptedReleaseTests.adopted, entry]])
        #expect(hands.map(\.nature) == [isExtra ? .extra : .edited])
    }
}
