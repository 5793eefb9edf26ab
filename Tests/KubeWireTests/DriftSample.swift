import Chrono
import Kube
import KubeWire
import Testing

/// Recorded objects, an applier that names them, and findings in words: what tests of drift share.
enum DriftSample {
    /// The field that most recordings change.
    static let image = "spec.template.spec.containers[app].image"
    static let start = Timestamp(seconds: 1_795_464_000)
    static let deploymentObjects = GroupKind(group: "apps", kind: "Deployment")
    static let sight = DriftTracker.Sight(kind: deploymentObjects, family: .kustomization)
    static let configMaps = GroupKind(group: "", kind: "ConfigMap")

    /// The object that a recording shows, with the owners of its fields.
    static func recorded(_ name: String) throws -> ObjectMetadata {
        let reader = AnswerReader<ObjectMetadata>(cluster: prod, readsOwnership: true)
        return try #require(reader.object(try Recording(name: "\(name)-metadata").body))
    }

    static func kind(_ name: String) -> GroupKind {
        name.contains("configmap") ? configMaps : deploymentObjects
    }

    static func applier(ignores: [IgnoreRule] = [], isRemote: Bool = false) -> FluxResource {
        let ref = ObjectRef(
            cluster: prod,
            group: FluxKind.kustomizeGroup,
            kind: "Kustomization",
            namespace: "apps-002",
            name: "catalog-0057"
        )
        var resource = FluxResource(ref: ref, kind: .kustomization, state: .ready)
        var facts = ApplierFacts(
            inventory: Inventory([
                (id: "apps-002_catalog-0057_apps_Deployment", version: "v1"),
                (id: "apps-002_catalog-0057-config__ConfigMap", version: "v1"),
            ]),
            isRemote: isRemote
        )
        facts.ignores = ignores
        resource.applier = facts
        return resource
    }

    /// A tracker that saw these recordings one after another, a minute apart.
    static func tracker(
        _ names: [String],
        rules: [OwnerRule] = [],
        applier resource: FluxResource = applier()
    ) throws -> DriftTracker {
        var tracker = DriftTracker(rules: rules)
        tracker.applierChanged(resource)
        for (minute, name) in names.enumerated() {
            let now = start.advanced(by: .seconds(60 * minute))
            let sight = DriftTracker.Sight(kind: kind(name), family: .kustomization)
            tracker.changed(sight, try recorded(name), in: prod, now: now)
            tracker.judge(now: now)
        }
        return tracker
    }

    /// Findings in one line each: nature, name, fields.
    static func words(_ tracker: DriftTracker) -> [String] {
        tracker.drifted.flatMap(\.hands).map { hand in
            "\(hand.nature) \(hand.name): \(hand.fields.joined(separator: ", "))"
        }
    }
}
