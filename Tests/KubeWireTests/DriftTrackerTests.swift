import Chrono
import Kube
import KubeWire
import Testing

private let start = Timestamp(seconds: 1_795_464_000)
private let deploymentObjects = GroupKind(group: "apps", kind: "Deployment")
private let sight = DriftTracker.Sight(kind: deploymentObjects, family: .kustomization)
private let configMaps = GroupKind(group: "", kind: "ConfigMap")

/// The object that a recording shows, with the owners of its fields.
private func recorded(_ name: String) throws -> ObjectMetadata {
    let reader = AnswerReader<ObjectMetadata>(cluster: prod, readsOwnership: true)
    return try #require(reader.object(try Recording(name: "\(name)-metadata").body))
}

private func kind(_ name: String) -> GroupKind {
    name.contains("configmap") ? configMaps : deploymentObjects
}

private func applier(ignores: [IgnoreRule] = [], isRemote: Bool = false) -> FluxResource {
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
private func tracker(
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
private func words(_ tracker: DriftTracker) -> [String] {
    tracker.drifted.flatMap(\.hands).map { hand in
        "\(hand.nature) \(hand.name): \(hand.fields.joined(separator: ", "))"
    }
}

private let image = "spec.template.spec.containers[app].image"

struct DriftTrackerTests {
    @Test(arguments: [
        ("602-deployment-kubectl-scale", ["edited kubectl scale: spec.replicas"]),
        (
            "603-deployment-kubectl-edit",
            ["edited kubectl edit: \(image), spec.template.spec.containers[app].env[LOG_LEVEL].value"]
        ),
        (
            "604-deployment-kubectl-patch",
            [
                "edited kubectl patch: spec.template.spec.containers[app].env[EXTRA], "
                    + "spec.template.spec.containers[app].resources.limits.memory"
            ]
        ),
        ("605-deployment-kubectl-set-image", ["edited kubectl set: \(image)"]),
        (
            "606-deployment-kubectl-annotate",
            ["edited kubectl annotate: metadata.annotations[example.com/note]"]
        ),
        ("607-deployment-kubectl-label", ["edited kubectl label: metadata.labels.team"]),
        (
            "608-deployment-kubectl-label-overwrite",
            ["edited kubectl label: metadata.labels[app.kubernetes.io/name]"]
        ),
        ("612-deployment-kubectl-apply-client-side", ["edited kubectl apply: \(image)"]),
        ("613-deployment-kubectl-apply-server-side", ["edited kubectl apply --server-side: \(image)"]),
        ("615-deployment-kubectl-replace", ["edited kubectl replace: \(image)"]),
        ("616-deployment-foreign-k9s", ["edited k9s: \(image)"]),
        ("618-deployment-foreign-argocd", ["edited Argo CD: \(image)"]),
        ("619-deployment-foreign-browser", ["edited a browser: \(image)"]),
        ("652-configmap-kubectl-edit", ["edited kubectl edit: data[app.yaml]"]),
        (
            "655-configmap-kubectl-annotate",
            ["edited kubectl annotate: metadata.annotations[example.com/note]"]
        ),
        ("656-configmap-foreign-k9s", ["edited k9s: data[app.yaml]"]),
        ("657-configmap-foreign-same-name", ["edited an update under Flux's name: data[app.yaml]"]),
    ])
    func `an edit has a name and fields, whether weir saw the object before or not`(
        name: String,
        expected: [String]
    ) throws {
        let clean = name.contains("configmap") ? "651-configmap-clean" : "601-deployment-clean"
        #expect(words(try tracker([name])) == expected)
        #expect(words(try tracker([clean, name])) == expected)
    }

    @Test(arguments: [
        "601-deployment-clean", "614-deployment-kubectl-apply-server-side-same", "620-deployment-autoscaler",
        "621-deployment-controller-annotation", "628-deployment-taken-back-folded",
        "631-deployment-recreated",
        "651-configmap-clean", "658-configmap-put-without-managed-fields",
        "659-configmap-managed-fields-cleared",
        "660-configmap-taken-back", "662-configmap-recreated",
    ])
    func `what differs in nothing, or by right, is no drift`(name: String) throws {
        let clean = name.contains("configmap") ? "651-configmap-clean" : "601-deployment-clean"
        #expect(words(try tracker([name])).isEmpty)
        #expect(words(try tracker([clean, name])).isEmpty)
    }

    @Test func `several hands are told apart, each with its time where there is one`() throws {
        let drift = try #require(
            tracker(["601-deployment-clean", "622-deployment-many-hands"]).drifted.first
        )
        #expect(
            drift.hands.map(\.name) == ["kubectl set", "kubectl scale", "kubectl label", "kubectl annotate"]
        )
        #expect(drift.hands.map { $0.time == nil } == [false, true, false, false])
        #expect(drift.onset.exact == Timestamp(rfc3339: "2026-11-22T20:20:08Z"))
        #expect(drift.entry.name == "catalog-0057" && drift.applier.name == "catalog-0057")
        #expect(!drift.isQuiet)
    }

    @Test func `a removed field has no name, and is seen only by who looked before`() throws {
        let name = "611-deployment-kubectl-field-removed"
        #expect(try tracker([name]).drifted.isEmpty)
        let drift = try #require(tracker(["601-deployment-clean", name]).drifted.first)
        #expect(drift.hands.map(\.nature) == [.removed])
        #expect(drift.hands[0].name.isEmpty && drift.hands[0].fieldCount > 0)
    }

    @Test func `an object without its owner's label is the business of whoever looks for missing ones`()
        throws
    {
        #expect(try recorded("609-deployment-kubectl-label-remove").ownership == nil)
    }

    @Test func `fields that Flux folds in and drops again were not removed by anybody`() throws {
        var tracker = DriftTracker()
        tracker.applierChanged(applier())
        for name in ["625-deployment-taken-back-plain", "628-deployment-taken-back-folded"] {
            tracker.changed(sight, try recorded(name), in: prod, now: start)
            tracker.judge(now: start)
        }
        #expect(tracker.drifted.isEmpty)
    }

    @Test func `a release that takes a field away is no removal by somebody`() throws {
        let sight = DriftTracker.Sight(kind: deploymentObjects, family: .helmRelease)
        let ref = ObjectRef(
            cluster: prod,
            group: FluxKind.helmRelease.group,
            kind: FluxKind.helmRelease.kind,
            namespace: "shop",
            name: "redis"
        )
        func release(_ ready: Condition.Status, deployed: Int64 = 1) -> FluxResource {
            var resource = FluxResource(ref: ref, kind: .helmRelease, state: .ready)
            resource.conditions = [Condition(type: "Ready", status: ready, reason: "x")]
            resource.applier = ApplierFacts(
                inventory: Inventory([(id: "shop_redis_apps_Deployment", version: "v1")]),
                history: [HistoryEntry(lastReconciled: Timestamp(seconds: deployed), status: "deployed")]
            )
            return resource
        }
        func deployment(_ fields: String) throws -> ObjectMetadata {
            let json = """
                {"apiVersion":"apps/v1","kind":"Deployment","metadata":{
                 "namespace":"shop","name":"redis","uid":"u","resourceVersion":"1",
                 "labels":{"helm.toolkit.fluxcd.io/name":"redis","helm.toolkit.fluxcd.io/namespace":"shop"},
                 "managedFields":[{"manager":"helm-controller","operation":"Update","apiVersion":"apps/v1",
                  "time":"2026-11-22T20:00:00Z","fieldsType":"FieldsV1","fieldsV1":{"f:spec":{\(fields)}}}]}}
                """
            let reader = AnswerReader<ObjectMetadata>(cluster: prod, readsOwnership: true)
            return try #require(reader.object(Array(json.utf8)))
        }
        func drifted(whileReleasing: Bool) throws -> [DriftHand.Nature] {
            var tracker = DriftTracker()
            tracker.applierChanged(release(.yes))
            let whole = try deployment(#""f:replicas":{},"f:paused":{}"#)
            tracker.listed(sight, [whole], in: prod, now: start)
            let later = start.advanced(by: .seconds(60))
            if whileReleasing {
                tracker.applierChanged(release(.unknown))
            }
            tracker.changed(sight, try deployment(#""f:replicas":{}"#), in: prod, now: later)
            tracker.applierChanged(release(.yes))
            tracker.judge(now: later)
            return tracker.drifted.flatMap(\.hands).map(\.nature)
        }
        #expect(try drifted(whileReleasing: true).isEmpty)
        #expect(try drifted(whileReleasing: false) == [.removed])

        // The release is told when it is over, before its objects or after them.
        let later = start.advanced(by: .seconds(60))
        let (whole, less) = (
            try deployment(#""f:replicas":{},"f:paused":{}"#), try deployment(#""f:replicas":{}"#)
        )
        for isToldFirst in [true, false] {
            var tracker = DriftTracker()
            tracker.applierChanged(release(.yes), now: start)
            tracker.listed(sight, [whole], in: prod, now: start)
            if isToldFirst {
                tracker.applierChanged(release(.yes, deployed: 2), now: later)
            }
            tracker.changed(sight, less, in: prod, now: later)
            if !isToldFirst {
                tracker.judge(now: later)
                #expect(tracker.drifted.count == 1)
                tracker.applierChanged(release(.yes, deployed: 2), now: later)
            }
            tracker.judge(now: later)
            #expect(tracker.drifted.isEmpty)
            // A field that goes afterwards was removed by somebody.
            let end = later.advanced(by: .seconds(60))
            tracker.changed(sight, try deployment(#""f:paused":{}"#), in: prod, now: end)
            tracker.judge(now: end)
            #expect(tracker.drifted.count == 1)
        }
    }

    @Test func `what Flux put back is told once, with the names of before`() throws {
        var tracker = try tracker([
            "601-deployment-clean", "622-deployment-many-hands", "628-deployment-taken-back-folded",
        ])
        let ended = tracker.takeEnded()
        #expect(ended.map(\.ending) == [.putBack])
        #expect(ended[0].by == ["kubectl set", "kubectl scale", "kubectl label", "kubectl annotate"])
        #expect(ended[0].fields.contains("spec.replicas") && !ended[0].wasMissing)
        #expect(tracker.takeEnded().isEmpty && tracker.drifted.isEmpty)
    }

    /// An entry of managedFields, of 11 o'clock unless said otherwise.
    private func owner(
        _ manager: String,
        _ operation: String,
        _ spec: String,
        at hour: Int = 11,
        on subresource: String = ""
    ) -> String {
        #"{"manager":"\#(manager)","operation":"\#(operation)","apiVersion":"apps/v1","#
            + (subresource.isEmpty ? "" : #""subresource":"\#(subresource)","#)
            + #""time":"2026-08-20T\#(hour):00:00Z","fieldsType":"FieldsV1","fieldsV1":{"f:spec":{\#(spec)}}}"#
    }

    /// A Deployment of an applier that owns these fields since an hour of 2026-08-20, and what kubectl edited.
    private func deployment(
        applied: String,
        at hour: Int,
        edited: String? = nil,
        others: [String] = []
    ) throws -> ObjectMetadata {
        let owners =
            [owner("kustomize-controller", "Apply", applied, at: hour)]
            + (edited.map { [owner("kubectl-edit", "Update", $0)] } ?? []) + others
        let json = """
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{
             "namespace":"apps-002","name":"catalog-0057","uid":"u","resourceVersion":"1",
             "labels":{"kustomize.toolkit.fluxcd.io/name":"catalog-0057",
                       "kustomize.toolkit.fluxcd.io/namespace":"apps-002"},
             "managedFields":[\(owners.joined(separator: ","))]}}
            """
        let reader = AnswerReader<ObjectMetadata>(cluster: prod, readsOwnership: true)
        return try #require(reader.object(Array(json.utf8)))
    }

    @Test(arguments: ["write", "run", "removal"])
    func `an edit whose fields the applier took is not put back before it wrote or ended well`(end: String)
        throws
    {
        var tracker = DriftTracker()
        tracker.applierChanged(applier())
        func see(_ object: ObjectMetadata, _ minute: Int) {
            let now = start.advanced(by: .seconds(60 * minute))
            tracker.changed(sight, object, in: prod, now: now)
            tracker.judge(now: now)
        }
        let both = #""f:paused":{},"f:replicas":{}"#
        see(try deployment(applied: both, at: 10), 0)
        see(try deployment(applied: #""f:paused":{}"#, at: 10, edited: #""f:replicas":{}"#), 1)
        #expect(words(tracker) == ["edited kubectl edit: spec.replicas"])
        // The dry run of another object fails: nothing is written.
        see(try deployment(applied: both, at: 10), 2)
        #expect(words(tracker) == ["edited kubectl edit: spec.replicas"])
        #expect(tracker.takeEnded().isEmpty)
        let now = start.advanced(by: .seconds(200))
        switch end {
        case "write": see(try deployment(applied: both, at: 12), 3)
        case "run":
            var done = applier()
            done.applier?.history = [
                HistoryEntry(
                    firstReconciled: start,
                    lastReconciled: now,
                    status: "ReconciliationSucceeded",
                    revision: Revision("main@sha1:b763818"),
                    digest: nil
                )
            ]
            tracker.applierChanged(done)
        default: tracker.vanished(sight, ObjectName(namespace: "apps-002", name: "catalog-0057"))
        }
        tracker.judge(now: now)
        #expect(tracker.drifted.isEmpty)
        #expect(tracker.takeEnded().map(\.by) == (end == "removal" ? [] : [["kubectl edit"]]))
    }

    @Test(arguments: ["argocd-controller", "kubectl"])
    func `an edit that the applier takes is told beside a hand that it leaves`(manager: String) throws {
        var tracker = DriftTracker()
        tracker.applierChanged(applier())
        func see(_ object: ObjectMetadata, _ minute: Int) {
            let now = start.advanced(by: .seconds(60 * minute))
            tracker.changed(sight, object, in: prod, now: now)
            tracker.judge(now: now)
        }
        let (paused, both) = (#""f:paused":{}"#, #""f:paused":{},"f:replicas":{}"#)
        let isScaled = manager == "kubectl"
        // Of two hands of one program, one is taken and one stays.
        let left = owner(
            manager,
            isScaled ? "Update" : "Apply",
            isScaled ? #""f:replicas":{}"# : #""f:minReadySeconds":{}"#,
            on: isScaled ? "scale" : ""
        )
        let taken = owner(isScaled ? "kubectl" : "kubectl-edit", isScaled ? "Apply" : "Update", paused)
        let name = isScaled ? "kubectl apply --server-side" : "kubectl edit"
        let rest = isScaled ? "edited kubectl scale: spec.replicas" : "edited Argo CD: spec.minReadySeconds"
        see(try deployment(applied: both, at: 10), 0)
        see(try deployment(applied: isScaled ? "" : #""f:replicas":{}"#, at: 10, others: [left, taken]), 1)
        let all: Set = ["edited \(name): spec.paused", rest]
        #expect(Set(words(tracker)) == all)
        see(try deployment(applied: isScaled ? paused : both, at: 10, others: [left]), 2)
        #expect(Set(words(tracker)) == all)
        #expect(tracker.takeEnded().isEmpty)
        // What is Git's goes to the applier when it writes.
        see(try deployment(applied: both, at: 12, others: isScaled ? [] : [left]), 3)
        #expect(tracker.takeEnded().map { Set($0.by) } == [isScaled ? [name, "kubectl scale"] : [name]])
        #expect(!words(tracker).contains { $0.contains(name) })
    }

    @Test func `an edit that a failing run took stays when the last good run is forgotten`() throws {
        var tracker = DriftTracker()
        func applier(_ status: String, _ minute: Int) -> FluxResource {
            var resource = KubeWireTests.applier()
            resource.conditions = [
                Condition(type: "Ready", status: .no, reason: status, message: "", lastTransition: start)
            ]
            resource.applier?.history = [
                HistoryEntry(lastReconciled: start.advanced(by: .seconds(60 * minute)), status: status)
            ]
            return resource
        }
        tracker.applierChanged(applier("ReconciliationSucceeded", 0))
        let both = #""f:paused":{},"f:replicas":{}"#
        let steps = [
            try deployment(applied: both, at: 10),
            try deployment(applied: #""f:paused":{}"#, at: 10, edited: #""f:replicas":{}"#),
            try deployment(applied: both, at: 10),
        ]
        for (minute, object) in steps.enumerated() {
            let now = start.advanced(by: .seconds(60 * minute))
            tracker.changed(sight, object, in: prod, now: now)
            tracker.judge(now: now)
        }
        // Only so many runs are kept: those that failed push the good one out.
        tracker.applierChanged(applier("ReconciliationFailed", 5))
        tracker.judge(now: start.advanced(by: .seconds(300)))
        #expect(words(tracker) == ["edited kubectl edit: spec.replicas"])
        #expect(tracker.takeEnded().isEmpty)
        tracker.applierChanged(applier("ReconciliationSucceeded", 6))
        tracker.judge(now: start.advanced(by: .seconds(360)))
        #expect(tracker.drifted.isEmpty && tracker.takeEnded().map(\.by) == [["kubectl edit"]])
    }

    @Test func `labels that a plain apply leaves stay drift, and the rest is told as put back`() throws {
        var tracker = try tracker(["622-deployment-many-hands", "625-deployment-taken-back-plain"])
        #expect(tracker.drifted.first?.hands.map(\.name) == ["kubectl label", "kubectl annotate"])
        let ended = tracker.takeEnded()
        #expect(ended.map(\.by) == [["kubectl set", "kubectl scale"]] && ended.first?.ending == .putBack)
    }

    @Test func `a second editor of the same field puts nothing back`() throws {
        let names = [
            "601-deployment-clean", "605-deployment-kubectl-set-image", "616-deployment-foreign-k9s",
        ]
        var tracker = try tracker(names)
        #expect(tracker.drifted.first?.hands.map(\.name) == ["k9s"])
        #expect(tracker.takeEnded().isEmpty)
    }

    @Test func `an object that is removed is missing, and not put back`() throws {
        var tracker = try tracker(["601-deployment-clean", "603-deployment-kubectl-edit"])
        tracker.vanished(sight, ObjectName(namespace: "apps-002", name: "catalog-0057"))
        tracker.judge(now: start)
        #expect(tracker.drifted.isEmpty && tracker.takeEnded().isEmpty)
    }

    @Test func `an applier of another cluster's objects, or one that does not name it, says nothing`() throws
    {
        let remote = applier(isRemote: true)
        #expect(try tracker(["603-deployment-kubectl-edit"], applier: remote).drifted.isEmpty)
        var other = applier()
        other.applier?.inventory = Inventory([(id: "apps-002_other_apps_Deployment", version: "v1")])
        #expect(try tracker(["603-deployment-kubectl-edit"], applier: other).drifted.isEmpty)
        var gone = try tracker(["603-deployment-kubectl-edit"])
        gone.applierRemoved(applier().ref)
        gone.judge(now: start)
        #expect(gone.drifted.isEmpty)
    }

    @Test(arguments: [
        (["/spec/replicas"], "Deployment", 3), (["/spec/template/spec/containers/0/image"], "Deployment", 3),
        (["/metadata"], "Deployment", 2), ([""], "Deployment", 0), ([""], "Deploy", 4), ([""], "Dep.*t", 0),
        (["/metadata/annotations/example.com~1note"], "", 3),
    ])
    func `paths of spec.ignore may differ`(paths: [String], kind: String, left: Int) throws {
        let rule = IgnoreRule(paths: paths, kind: kind)
        let tracker = try tracker(["622-deployment-many-hands"], applier: applier(ignores: [rule]))
        #expect(tracker.drifted.flatMap(\.hands).count == left)
    }

    @Test(arguments: [
        (IgnoreRule(paths: [""], labelSelector: "app.kubernetes.io/name=catalog-0057"), 0),
        (IgnoreRule(paths: [""], labelSelector: "app.kubernetes.io/name notin (other)"), 0),
        (IgnoreRule(paths: [""], labelSelector: "team=x"), 4),
        (IgnoreRule(paths: [""], annotationSelector: "example.com/note"), 0),
        (IgnoreRule(paths: [""], annotationSelector: "!example.com/note"), 4),
        (IgnoreRule(paths: [""], version: "v1"), 0), (IgnoreRule(paths: [""], version: "v2.*"), 4),
        // What cannot be judged is not everything.
        (IgnoreRule(paths: [""], name: "(catalog"), 4), (IgnoreRule(paths: [""], labelSelector: "a=="), 4),
    ])
    func `a rule is about those objects that its target names`(rule: IgnoreRule, left: Int) throws {
        let tracker = try tracker(["622-deployment-many-hands"], applier: applier(ignores: [rule]))
        #expect(tracker.drifted.flatMap(\.hands).count == left)
    }

    @Test(arguments: [
        (OwnerRule(manager: "k9s"), 0), (OwnerRule(manager: "k9*", kinds: ["ConfigMap"]), 1),
        (OwnerRule(manager: "k9s", fields: ["spec.template"]), 0),
        (OwnerRule(manager: "k9s", fields: ["spec.temp"]), 1),
    ])
    func `the operator's rules name more programs that may own fields`(rule: OwnerRule, left: Int) throws {
        #expect(try tracker(["616-deployment-foreign-k9s"], rules: [rule]).drifted.count == left)
    }

    @Test func `objects come and go with lists, and nothing is said of a kind that cannot be read`() throws {
        var tracker = DriftTracker()
        tracker.applierChanged(applier())
        let object = try recorded("603-deployment-kubectl-edit")
        tracker.listed(sight, [object], in: prod, now: start)
        tracker.judge(now: start)
        #expect(tracker.drifted.count == 1)
        tracker.lostSight(of: sight)
        tracker.judge(now: start)
        #expect(tracker.drifted.isEmpty)
        tracker.listed(sight, [object], in: prod, now: start)
        tracker.listed(sight, [], in: prod, now: start)
        tracker.judge(now: start)
        #expect(tracker.drifted.isEmpty)
    }

    // MARK: - Two families

    @Test func `an object that moves to a release keeps what its own watch told`() throws {
        let helm = DriftTracker.Sight(kind: deploymentObjects, family: .helmRelease)
        let ref = ObjectRef(
            cluster: prod,
            group: FluxKind.helmRelease.group,
            kind: FluxKind.helmRelease.kind,
            namespace: "shop",
            name: "redis"
        )
        func deployment(_ others: String) throws -> ObjectMetadata {
            let json = """
                {"apiVersion":"apps/v1","kind":"Deployment","metadata":{
                 "namespace":"shop","name":"redis","uid":"u","resourceVersion":"1",
                 "labels":{"helm.toolkit.fluxcd.io/name":"redis","helm.toolkit.fluxcd.io/namespace":"shop"},
                 "managedFields":[{"manager":"helm-controller","operation":"Apply","apiVersion":"apps/v1",
                  "time":"2026-11-22T20:00:00Z","fieldsType":"FieldsV1",
                  "fieldsV1":{"f:spec":{"f:paused":{}\(others.isEmpty ? #","f:replicas":{}"# : "")}}}\(others)]}}
                """
            let reader = AnswerReader<ObjectMetadata>(cluster: prod, readsOwnership: true)
            return try #require(reader.object(Array(json.utf8)))
        }
        var release = FluxResource(ref: ref, kind: .helmRelease, state: .ready)
        release.applier = ApplierFacts(
            inventory: Inventory([(id: "shop_redis_apps_Deployment", version: "v1")])
        )
        var tracker = DriftTracker()
        tracker.applierChanged(release)
        tracker.changed(helm, try deployment(""), in: prod, now: start)
        // The other watch tells that its label went.
        let name = ObjectName(namespace: "shop", name: "redis")
        tracker.vanished(sight, name)
        let taken = """
            ,{"manager":"acme-tuner","operation":"Update","apiVersion":"apps/v1",
              "time":"2026-11-22T21:00:00Z","fieldsType":"FieldsV1","fieldsV1":{"f:spec":{"f:replicas":{}}}}
            """
        tracker.changed(helm, try deployment(taken), in: prod, now: start.advanced(by: .seconds(60)))
        tracker.judge(now: start)
        // Without the memory nobody could say that the field was Git's.
        #expect(words(tracker) == ["overridden acme-tuner: spec.replicas"])
        tracker.vanished(sight, name)
        tracker.judge(now: start)
        #expect(words(tracker).count == 1)
        tracker.vanished(helm, name)
        tracker.judge(now: start)
        #expect(words(tracker).isEmpty)
    }
}

/// Objects that an inventory names and that carry their applier's name no more.
struct StrayTests {
    private let entry = InventoryEntry(
        namespace: "apps-002",
        name: "catalog-0057",
        group: "apps",
        kind: "Deployment",
        version: "v1"
    )
    private let label = "metadata.labels[kustomize.toolkit.fluxcd.io/name]"

    private func isStray(
        _ tracker: inout DriftTracker,
        _ object: ObjectMetadata,
        of ref: ObjectRef = applier().ref,
        since onset: Onset = .unknown
    ) -> Bool {
        tracker.looked(at: entry, object, of: ref, since: onset, now: start)
    }

    private func looked(_ name: String) throws -> ObjectMetadata {
        let reader = AnswerReader<ObjectMetadata>(cluster: prod, readsOwnership: true, family: .kustomization)
        return try #require(reader.object(try Recording(name: "\(name)-metadata").body))
    }

    @Test func `a lost owner label is drift until it is back`() throws {
        var tracker = try tracker(["601-deployment-clean"])
        tracker.vanished(sight, ObjectName(namespace: entry.namespace, name: entry.name))
        let object = try looked("609-deployment-kubectl-label-remove")
        #expect(isStray(&tracker, object, of: applier().ref, since: .at(start)) == true)
        tracker.judge(now: start)
        let drift = try #require(tracker.drifted.first)
        #expect(drift.fields == [label] && drift.hands.map(\.nature) == [.removed] && !drift.isQuiet)
        #expect(drift.onset == .at(start) && drift.applier == applier().ref)
        let later = start.advanced(by: .seconds(60))
        tracker.changed(sight, try recorded("601-deployment-clean"), in: prod, now: later)
        tracker.judge(now: later)
        #expect(tracker.drifted.isEmpty && tracker.takeEnded().map(\.fields) == [[label]])
    }

    @Test func `edits of an object without its label show with their hands`() throws {
        var tracker = try tracker(["601-deployment-clean"])
        let object = try looked("603-deployment-kubectl-edit")
        // As it is, its label names its applier.
        #expect(isStray(&tracker, object, of: applier().ref, since: .unknown) == false)
        var other = applier()
        other = FluxResource(
            ref: ObjectRef(
                cluster: prod,
                group: FluxKind.kustomizeGroup,
                kind: "Kustomization",
                namespace: "apps-002",
                name: "other"
            ),
            kind: .kustomization,
            state: .ready
        )
        other.applier = applier().applier
        tracker.applierChanged(other)
        // Both name it, and so it is the one's whose name it carries.
        #expect(isStray(&tracker, object, of: other.ref, since: .unknown) == false)
        var mine = applier()
        mine.applier?.inventory = Inventory()
        tracker.applierChanged(mine)
        #expect(isStray(&tracker, object, of: other.ref, since: .unknown) == true)
        tracker.judge(now: start)
        #expect(words(tracker).first?.hasPrefix("edited kubectl edit: \(image)") == true)
        #expect(words(tracker).last == "removed : \(label)")
        // The other applier may be about to name it.
        mine.conditions = [Condition(type: "Ready", status: .unknown, reason: "x")]
        tracker.applierChanged(mine)
        #expect(isStray(&tracker, object, of: other.ref, since: .unknown) == false)
        tracker.judge(now: start)
        #expect(tracker.drifted.isEmpty)
    }

    @Test func `what is gone, let alone or not watched any more is no stray`() throws {
        let object = try looked("609-deployment-kubectl-label-remove")
        for end in 0..<3 {
            var tracker = try tracker(["601-deployment-clean"])
            #expect(isStray(&tracker, object, of: applier().ref, since: .unknown) == true)
            tracker.judge(now: start)
            #expect(tracker.drifted.count == 1)
            switch end {
            case 0: tracker.lookedInVain(for: entry, of: applier().ref)
            case 1: tracker.lostSight(of: sight)
            default: tracker.applierRemoved(applier().ref)
            }
            tracker.judge(now: start)
            #expect(tracker.drifted.isEmpty)
        }
    }
}
