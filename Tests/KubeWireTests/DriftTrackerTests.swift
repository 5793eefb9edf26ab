import Chrono
import Kube
import KubeWire
import Testing

struct DriftTrackerTests {
    @Test(arguments: [
        ("602-deployment-kubectl-scale", ["edited kubectl scale: spec.replicas"]),
        (
            "603-deployment-kubectl-edit",
            [
                "edited kubectl edit: \(DriftSample.image), spec.template.spec.containers[app].env[LOG_LEVEL].value"
            ]
        ),
        (
            "604-deployment-kubectl-patch",
            [
                "edited kubectl patch: spec.template.spec.containers[app].env[EXTRA], "
                    + "spec.template.spec.containers[app].resources.limits.memory"
            ]
        ),
        ("605-deployment-kubectl-set-image", ["edited kubectl set: \(DriftSample.image)"]),
        (
            "606-deployment-kubectl-annotate",
            ["edited kubectl annotate: metadata.annotations[example.com/note]"]
        ),
        ("607-deployment-kubectl-label", ["edited kubectl label: metadata.labels.team"]),
        (
            "608-deployment-kubectl-label-overwrite",
            ["edited kubectl label: metadata.labels[app.kubernetes.io/name]"]
        ),
        ("612-deployment-kubectl-apply-client-side", ["edited kubectl apply: \(DriftSample.image)"]),
        (
            "613-deployment-kubectl-apply-server-side",
            ["edited kubectl apply --server-side: \(DriftSample.image)"]
        ),
        ("615-deployment-kubectl-replace", ["edited kubectl replace: \(DriftSample.image)"]),
        ("616-deployment-foreign-k9s", ["edited k9s: \(DriftSample.image)"]),
        ("618-deployment-foreign-argocd", ["edited Argo CD: \(DriftSample.image)"]),
        ("619-deployment-foreign-browser", ["edited a browser: \(DriftSample.image)"]),
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
        #expect(DriftSample.words(try DriftSample.tracker([name])) == expected)
        #expect(DriftSample.words(try DriftSample.tracker([clean, name])) == expected)
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
        #expect(DriftSample.words(try DriftSample.tracker([name])).isEmpty)
        #expect(DriftSample.words(try DriftSample.tracker([clean, name])).isEmpty)
    }

    @Test func `several hands are told apart, each with its time where there is one`() throws {
        let drift = try #require(
            DriftSample.tracker(["601-deployment-clean", "622-deployment-many-hands"]).drifted.first
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
        #expect(try DriftSample.tracker([name]).drifted.isEmpty)
        let drift = try #require(DriftSample.tracker(["601-deployment-clean", name]).drifted.first)
        #expect(drift.hands.map(\.nature) == [.removed])
        #expect(drift.hands[0].name.isEmpty && drift.hands[0].fieldCount > 0)
    }

    @Test func `an object without its owner's label is the business of whoever looks for missing ones`()
        throws
    {
        #expect(try DriftSample.recorded("609-deployment-kubectl-label-remove").ownership == nil)
    }

    @Test func `fields that Flux folds in and drops again were not removed by anybody`() throws {
        var tracker = DriftTracker()
        tracker.applierChanged(DriftSample.applier())
        for name in ["625-deployment-taken-back-plain", "628-deployment-taken-back-folded"] {
            tracker.changed(
                DriftSample.sight,
                try DriftSample.recorded(name),
                in: prod,
                now: DriftSample.start
            )
            tracker.judge(now: DriftSample.start)
        }
        #expect(tracker.drifted.isEmpty)
    }

    @Test func `a release that takes a field away is no removal by somebody`() throws {
        let sight = DriftTracker.Sight(kind: DriftSample.deploymentObjects, family: .helmRelease)
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
            tracker.listed(sight, [whole], in: prod, now: DriftSample.start)
            let later = DriftSample.start.advanced(by: .seconds(60))
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
        let later = DriftSample.start.advanced(by: .seconds(60))
        let (whole, less) = (
            try deployment(#""f:replicas":{},"f:paused":{}"#), try deployment(#""f:replicas":{}"#)
        )
        for isToldFirst in [true, false] {
            var tracker = DriftTracker()
            tracker.applierChanged(release(.yes), now: DriftSample.start)
            tracker.listed(sight, [whole], in: prod, now: DriftSample.start)
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
        var tracker = try DriftSample.tracker([
            "601-deployment-clean", "622-deployment-many-hands", "628-deployment-taken-back-folded",
        ])
        let ended = tracker.takeEnded()
        #expect(ended.map(\.ending) == [.putBack])
        #expect(ended[0].by == ["kubectl set", "kubectl scale", "kubectl label", "kubectl annotate"])
        #expect(ended[0].fields.contains("spec.replicas") && !ended[0].wasMissing)
        #expect(tracker.takeEnded().isEmpty && tracker.drifted.isEmpty)
    }

    @Test func `labels that a plain apply leaves stay drift, and the rest is told as put back`() throws {
        var tracker = try DriftSample.tracker([
            "622-deployment-many-hands", "625-deployment-taken-back-plain",
        ])
        #expect(tracker.drifted.first?.hands.map(\.name) == ["kubectl label", "kubectl annotate"])
        let ended = tracker.takeEnded()
        #expect(ended.map(\.by) == [["kubectl set", "kubectl scale"]] && ended.first?.ending == .putBack)
    }

    @Test func `a second editor of the same field puts nothing back`() throws {
        let names = [
            "601-deployment-clean", "605-deployment-kubectl-set-image", "616-deployment-foreign-k9s",
        ]
        var tracker = try DriftSample.tracker(names)
        #expect(tracker.drifted.first?.hands.map(\.name) == ["k9s"])
        #expect(tracker.takeEnded().isEmpty)
    }

    @Test func `an object that is removed is missing, and not put back`() throws {
        var tracker = try DriftSample.tracker(["601-deployment-clean", "603-deployment-kubectl-edit"])
        tracker.vanished(DriftSample.sight, ObjectName(namespace: "apps-002", name: "catalog-0057"))
        tracker.judge(now: DriftSample.start)
        #expect(tracker.drifted.isEmpty && tracker.takeEnded().isEmpty)
    }

    @Test func `an applier of another cluster's objects, or one that does not name it, says nothing`() throws
    {
        let remote = DriftSample.applier(isRemote: true)
        #expect(try DriftSample.tracker(["603-deployment-kubectl-edit"], applier: remote).drifted.isEmpty)
        var other = DriftSample.applier()
        other.applier?.inventory = Inventory([(id: "apps-002_other_apps_Deployment", version: "v1")])
        #expect(try DriftSample.tracker(["603-deployment-kubectl-edit"], applier: other).drifted.isEmpty)
        var gone = try DriftSample.tracker(["603-deployment-kubectl-edit"])
        gone.applierRemoved(DriftSample.applier().ref)
        gone.judge(now: DriftSample.start)
        #expect(gone.drifted.isEmpty)
    }

    @Test(arguments: [
        (["/spec/replicas"], "Deployment", 3), (["/spec/template/spec/containers/0/image"], "Deployment", 3),
        (["/metadata"], "Deployment", 2), ([""], "Deployment", 0), ([""], "Deploy", 4), ([""], "Dep.*t", 0),
        (["/metadata/annotations/example.com~1note"], "", 3),
    ])
    func `paths of spec.ignore may differ`(paths: [String], kind: String, left: Int) throws {
        let rule = IgnoreRule(paths: paths, kind: kind)
        let tracker = try DriftSample.tracker(
            ["622-deployment-many-hands"],
            applier: DriftSample.applier(ignores: [rule])
        )
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
        let tracker = try DriftSample.tracker(
            ["622-deployment-many-hands"],
            applier: DriftSample.applier(ignores: [rule])
        )
        #expect(tracker.drifted.flatMap(\.hands).count == left)
    }

    @Test(arguments: [
        (OwnerRule(manager: "k9s"), 0), (OwnerRule(manager: "k9*", kinds: ["ConfigMap"]), 1),
        (OwnerRule(manager: "k9s", fields: ["spec.template"]), 0),
        (OwnerRule(manager: "k9s", fields: ["spec.temp"]), 1),
    ])
    func `the operator's rules name more programs that may own fields`(rule: OwnerRule, left: Int) throws {
        #expect(try DriftSample.tracker(["616-deployment-foreign-k9s"], rules: [rule]).drifted.count == left)
    }

    @Test func `objects come and go with lists, and nothing is said of a kind that cannot be read`() throws {
        var tracker = DriftTracker()
        tracker.applierChanged(DriftSample.applier())
        let object = try DriftSample.recorded("603-deployment-kubectl-edit")
        tracker.listed(DriftSample.sight, [object], in: prod, now: DriftSample.start)
        tracker.judge(now: DriftSample.start)
        #expect(tracker.drifted.count == 1)
        tracker.lostSight(of: DriftSample.sight)
        tracker.judge(now: DriftSample.start)
        #expect(tracker.drifted.isEmpty)
        tracker.listed(DriftSample.sight, [object], in: prod, now: DriftSample.start)
        tracker.listed(DriftSample.sight, [], in: prod, now: DriftSample.start)
        tracker.judge(now: DriftSample.start)
        #expect(tracker.drifted.isEmpty)
    }

    // MARK: - Two families

    @Test func `an object that moves to a release keeps what its own watch told`() throws {
        let helm = DriftTracker.Sight(kind: DriftSample.deploymentObjects, family: .helmRelease)
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
        tracker.changed(helm, try deployment(""), in: prod, now: DriftSample.start)
        // The other watch tells that its label went.
        let name = ObjectName(namespace: "shop", name: "redis")
        tracker.vanished(DriftSample.sight, name)
        let taken = """
            ,{"manager":"acme-tuner","operation":"Update","apiVersion":"apps/v1",
              "time":"2026-11-22T21:00:00Z","fieldsType":"FieldsV1","fieldsV1":{"f:spec":{"f:replicas":{}}}}
            """
        tracker.changed(
            helm,
            try deployment(taken),
            in: prod,
            now: DriftSample.start.advanced(by: .seconds(60))
        )
        tracker.judge(now: DriftSample.start)
        // Without the memory nobody could say that the field was Git's.
        #expect(DriftSample.words(tracker) == ["overridden acme-tuner: spec.replicas"])
        tracker.vanished(DriftSample.sight, name)
        tracker.judge(now: DriftSample.start)
        #expect(DriftSample.words(tracker).count == 1)
        tracker.vanished(helm, name)
        tracker.judge(now: DriftSample.start)
        #expect(DriftSample.words(tracker).isEmpty)
    }
}
