import Testing

@testable import FleetSimulator

struct ObjectReferenceTests {
    struct Case: Sendable {
        let id: String
        let group: String
        let kind: String
        let namespace: String?
        let name: String
    }

    static let cases = [
        Case(id: "_apps__Namespace", group: "", kind: "Namespace", namespace: nil, name: "apps"),
        Case(
            id: "shop_api_apps_Deployment",
            group: "apps",
            kind: "Deployment",
            namespace: "shop",
            name: "api"
        ),
        Case(
            id: "flux-system_vars__ConfigMap",
            group: "",
            kind: "ConfigMap",
            namespace: "flux-system",
            name: "vars"
        ),
        Case(
            id: "_system__acme__reader_rbac.authorization.k8s.io_ClusterRole",
            group: "rbac.authorization.k8s.io",
            kind: "ClusterRole",
            namespace: nil,
            name: "system:acme:reader"
        ),
        Case(
            id: "_a_b_rbac.authorization.k8s.io_ClusterRole",
            group: "rbac.authorization.k8s.io",
            kind: "ClusterRole",
            namespace: nil,
            name: "a_b"
        ),
    ]

    @Test(arguments: cases)
    func `an inventory id is read and written`(example: Case) throws {
        let reference = try #require(ObjectReference(inventoryEntry: ["id": .string(example.id), "v": "v1"]))
        #expect(reference.group == example.group)
        #expect(reference.kind == example.kind)
        #expect(reference.namespace == example.namespace)
        #expect(reference.name == example.name)
        #expect(reference.inventoryEntry == ["id": .string(example.id), "v": "v1"])
    }

    @Test(arguments: ["", "nothing", "a_b", "a_bc"])
    func `a malformed id is no reference`(id: String) {
        #expect(ObjectReference(inventoryEntry: ["id": .string(id)]) == nil)
    }

    @Test func `the subject names the namespace only where there is one`() {
        let inside = ObjectReference(
            group: "apps",
            version: "v1",
            kind: "Deployment",
            namespace: "shop",
            name: "api"
        )
        let outside = ObjectReference(
            group: "",
            version: "v1",
            kind: "Namespace",
            namespace: "",
            name: "shop"
        )
        #expect(inside.subject == "Deployment/shop/api")
        #expect(outside.subject == "Namespace/shop")
        #expect(inside.apiVersion == "apps/v1")
        #expect(outside.apiVersion == "v1")
    }
}
