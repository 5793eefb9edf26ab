import Kube
import KubeWire
import Testing

/// A live object held against what a dry run of its applier made of it.
struct ExactComparisonTests {
    private static let entry = InventoryEntry(
        namespace: "a",
        name: "api",
        group: "apps",
        kind: "Deployment",
        version: "v1"
    )

    private static func value(_ json: String) throws -> ObjectValue {
        try ObjectValue(json: Array(json.utf8))
    }

    private static func compare(
        _ live: String,
        _ desired: String,
        _ entry: InventoryEntry = entry,
        ignoring: [IgnoreRule] = []
    ) throws -> [FieldDifference] {
        FieldComparison.between(
            live: try value(live),
            desired: try value(desired),
            of: entry,
            ignoring: ignoring.paths(of: entry, ObjectMarks(try value(desired)))
        )
    }

    @Test func `fields are told by their paths, items of lists by their keys`() throws {
        let found = try ExactComparisonTests.compare(
            #"{"spec":{"replicas":7,"c":[{"name":"api","image":"b:2"},{"name":"side","image":"s"}]},"status":{"x":1}}"#,
            #"{"spec":{"replicas":3,"c":[{"name":"api","image":"b:1"}],"paused":true},"metadata":{"uid":"x"}}"#
        )
        #expect(found.map(\.path) == ["spec.c[api].image", "spec.paused", "spec.replicas", "spec.c[side]"])
        #expect(found[0].desired == "b:1" && found[0].live == "b:2")
        #expect(found[3].desired == nil && found[3].live != nil)
        #expect(found[1].live == nil && found[2].desired == "3")
    }

    @Test func `labels and annotations count, other metadata and status do not`() throws {
        let found = try ExactComparisonTests.compare(
            #"{"metadata":{"labels":{"a.b/c":"1"},"finalizers":["x"],"generation":4},"status":{"a":1}}"#,
            #"{"metadata":{"generation":5}}"#
        )
        #expect(found.map(\.path) == ["metadata.labels[a.b/c]"])
    }

    @Test func `items that share their key, their order and empty settings count`() throws {
        let mounts = #"{"name":"data","mountPath":"/a"},{"name":"data","mountPath":"#
        let shared = try ExactComparisonTests.compare(
            #"{"spec":{"m":["# + mounts + #""/b"}]}}"#,
            #"{"spec":{"m":["# + mounts + #""/c"}]}}"#
        )
        #expect(shared.map(\.path) == ["spec.m[/b]", "spec.m[/c]"])
        let order = try ExactComparisonTests.compare(
            #"{"spec":{"init":[{"name":"a"},{"name":"b"}]}}"#,
            #"{"spec":{"init":[{"name":"b"},{"name":"a"}]}}"#
        )
        #expect(order.map(\.path) == ["spec.init"])
        let setting = try ExactComparisonTests.compare(#"{"spec":{}}"#, #"{"spec":{"selfSigned":{}}}"#)
        #expect(setting.map(\.path) == ["spec.selfSigned"])
        #expect(try ExactComparisonTests.compare(#"{"metadata":{"labels":{}}}"#, #"{"metadata":{}}"#).isEmpty)
    }

    @Test func `what kubectl noted of a Secret, and a Provider's address, are not shown`() throws {
        let note = #"kubectl.kubernetes.io/last-applied-configuration"#
        let secret = InventoryEntry(namespace: "a", name: "s", group: "", kind: "Secret", version: "v1")
        let noted = try ExactComparisonTests.compare(
            #"{"metadata":{"annotations":{"\#(note)":"{\"data\":{\"password\":\"aHVudGVy\"}}"}}}"#,
            "{}",
            secret
        )
        #expect(noted.count == 1 && noted.allSatisfy(\.isHidden) && !"\(noted)".contains("aHVudGVy"))
        let provider = InventoryEntry(
            namespace: "a",
            name: "chat",
            group: "notification.toolkit.fluxcd.io",
            kind: "Provider",
            version: "v1beta3"
        )
        let address = try ExactComparisonTests.compare(
            #"{"spec":{"address":"https://hooks.example/live","channel":"b"}}"#,
            #"{"spec":{"address":"https://hooks.example/git","channel":"a"}}"#,
            provider
        )
        #expect(address.map(\.isHidden) == [true, false] && !"\(address)".contains("hooks.example"))
    }

    @Test func `of long texts the first line that differs is told`() throws {
        let found = try ExactComparisonTests.compare(
            #"{"data":{"f":"one\ntwo\nthree"}}"#,
            #"{"data":{"f":"one\n2\nthree"}}"#
        )
        #expect(found.first?.live == "line 2: two" && found.first?.desired == "line 2: 2")
    }

    @Test func `data of Secrets is told by key alone`() throws {
        let secret = InventoryEntry(namespace: "a", name: "s", group: "", kind: "Secret", version: "v1")
        let found = try ExactComparisonTests.compare(
            #"{"data":{"password":"aHVudGVyMg==","only":"bGl2ZQ=="},"stringData":{"x":"hunter3"}}"#,
            #"{"data":{"password":"b3RoZXI="}}"#,
            secret
        )
        #expect(found.map(\.path) == ["data.only", "data.password", "stringData.x"])
        #expect(found.allSatisfy { $0.isHidden && ($0.live ?? "").isEmpty && ($0.desired ?? "").isEmpty })
    }

    @Test func `what may differ is left out`() throws {
        let rule = IgnoreRule(paths: ["/spec/replicas", "/spec/c/0/image"], kind: "Deployment")
        let found = try ExactComparisonTests.compare(
            #"{"spec":{"replicas":7,"x":1,"c":[{"name":"api","image":"b:2"}]}}"#,
            #"{"spec":{"replicas":3,"x":2,"c":[{"name":"api","image":"b:1"}]}}"#,
            ignoring: [rule]
        )
        #expect(found.map(\.path) == ["spec.x"])
    }

    @Test(arguments: [
        ("team=x", true), ("team in (x,y),tier!=db", true), ("team=y", false), ("!team", false),
        ("team=(", false),
    ])
    func `a rule is about what the manifest's labels say`(selector: String, isIgnored: Bool) throws {
        let found = try ExactComparisonTests.compare(
            #"{"metadata":{"labels":{"team":"y"}},"spec":{"x":1}}"#,
            #"{"metadata":{"labels":{"team":"x"}},"spec":{"x":2}}"#,
            ignoring: [IgnoreRule(paths: [""], labelSelector: selector)]
        )
        #expect(found.isEmpty == isIgnored)
    }

    @Test func `what only kubectl put there goes, what others own as well stays`() throws {
        let live = try ExactComparisonTests.value(
            #"""
            {"metadata":{"labels":{"team":"night","keep":"x"},
              "annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{}"},
              "managedFields":[
               {"manager":"kubectl-label","operation":"Update","fieldsType":"FieldsV1",
                "fieldsV1":{"f:metadata":{"f:labels":{"f:team":{},"f:keep":{}}},
                            "f:spec":{"f:c":{"k:{\"name\":\"dbg\"}":{".":{},"f:name":{}}}}}},
               {"manager":"acme","operation":"Update","fieldsV1":{"f:metadata":{"f:labels":{"f:keep":{}}}}}]},
             "spec":{"c":[{"name":"api"},{"name":"dbg"}]}}
            """#
        )
        let desired = try ExactComparisonTests.value(#"{"metadata":{},"spec":{"c":[{"name":"api"}]}}"#)
        let left = FoldedFields.removed(from: live, live: live, desired: desired)
        let found = FieldComparison.between(live: live, desired: left, of: ExactComparisonTests.entry)
        #expect(
            found.map(\.path) == [
                "spec.c[dbg]",
                "metadata.labels.team",
                "metadata.annotations[kubectl.kubernetes.io/last-applied-configuration]",
            ]
        )
        #expect(found.allSatisfy { $0.desired == nil })
    }

    @Test(arguments: [
        (#"{"metadata":{"annotations":{"kustomize.toolkit.fluxcd.io/reconcile":"disabled"}}}"#, "{}", true),
        (#"{"metadata":{"labels":{"kustomize.toolkit.fluxcd.io/ssa":"Ignore"}}}"#, "{}", true),
        ("{}", #"{"metadata":{"annotations":{"kustomize.toolkit.fluxcd.io/ssa":"IfNotPresent"}}}"#, true),
        (#"{"metadata":{"annotations":{"kustomize.toolkit.fluxcd.io/ssa":"Merge"}}}"#, "{}", false),
        ("{}", "{}", false),
    ])
    func `what Flux leaves alone is told`(live: String, desired: String, isAlone: Bool) throws {
        let why = ApplyPolicy.letsAlone(
            try ExactComparisonTests.value(live),
            desired: try ExactComparisonTests.value(desired)
        )
        #expect((why != nil) == isAlone)
    }

    @Test func `a dry run goes out as the controller's own apply and counts as a change`() {
        let resource = ServedResource(group: "apps", version: "v1", kind: "Deployment", plural: "deployments")
        let request = KubeRequest.dryRun(
            resource,
            namespace: "a",
            name: "api",
            body: .object(["kind": .string("Deployment")]),
            as: "kustomize-controller"
        )
        #expect(
            request.target
                == "/apis/apps/v1/namespaces/a/deployments/api?dryRun=All&fieldManager=kustomize-controller&force=true"
        )
        #expect(request.isMutating && request.contentType == "application/apply-patch+yaml")
        #expect(request.body == Array(#"{"kind":"Deployment"}"#.utf8))
    }
}
