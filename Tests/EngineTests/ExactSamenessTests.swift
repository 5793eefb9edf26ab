@testable import Engine
import Kube
import Testing

/// Which built object an entry of an inventory is.
struct ExactSamenessTests {
    private func entry(_ namespace: String, _ name: String = "x", version: String = "v1") -> InventoryEntry {
        InventoryEntry(
            namespace: namespace,
            name: name,
            group: "cert-manager.io",
            kind: "ClusterIssuer",
            version: version
        )
    }

    @Test func `a cluster-wide object is the same with the namespace that kustomize gave it`() {
        #expect(entry("shop").isSame(as: entry("", version: "v1beta1"), .kustomize))
        #expect(entry("shop").isSame(as: entry("shop"), .kustomize))
        #expect(!entry("shop").isSame(as: entry("other"), .kustomize))
        #expect(!entry("").isSame(as: entry("shop"), .kustomize))
        #expect(!entry("shop").isSame(as: entry("", "y"), .kustomize))
    }

    @Test func `what a chart made need not name its namespace`() {
        let manner = ApplyManner.helm(namespace: "shop")
        #expect(entry("").isSame(as: entry("shop"), manner))
        #expect(!entry("shop").isSame(as: entry(""), manner))
    }
}
