import Kube
import KubeWire
import Testing

struct DiscoveryTests {
    private func aggregated(_ name: String) throws -> Discovery {
        guard case .resources(let discovery) = try Discovery.decode(Recording(name: name).body) else {
            throw KubeStatus(code: 0, message: "not the new form")
        }
        return discovery
    }

    @Test func `one answer tells kinds, versions, plurals and scope`() throws {
        let discovery = try aggregated("107-apis-aggregated")
        #expect(discovery.fluxResources.count == FluxKind.all.count)
        #expect(discovery.served(.kustomization) == kustomizations)
        #expect(discovery.served(.helmRelease)?.version == "v2")
        #expect(FluxKind.named("alert").flatMap { discovery.served($0)?.version } == "v1beta3")
        let role = discovery.resource(group: "rbac.authorization.k8s.io", kind: "ClusterRole", version: "v1")
        #expect(role?.isNamespaced == false)
        #expect(discovery.resource(group: "autoscaling", kind: "HorizontalPodAutoscaler")?.version == "v2")
    }

    @Test func `the core group has no name`() throws {
        let core = try aggregated("110-api-aggregated")
        #expect(core.resource(group: "", kind: "ConfigMap", version: "v1")?.path() == "/api/v1/configmaps")
        #expect(core.resource(group: "", kind: "Namespace")?.isNamespaced == false)
    }

    @Test func `a stale group is unknown, and the rest counts`() throws {
        let discovery = try aggregated("115-apis-aggregated-stale-group")
        #expect(discovery.staleGroups == ["metrics.k8s.io"])
        #expect(discovery.served(.kustomization) != nil)
    }

    @Test func `an old server names groups that are asked one by one`() throws {
        guard case .names(let names) = try Discovery.decode(Recording(name: "106-apis-legacy").body) else {
            Issue.record("expected names")
            return
        }
        #expect(names.contains(GroupVersionName(group: FluxKind.notificationGroup, version: "v1beta3")))
        #expect(names.contains(GroupVersionName(group: FluxKind.notificationGroup, version: "v1")))
        #expect(names.filter { $0.group == "autoscaling" }.count == 1)
        #expect(
            try Discovery.decode(Recording(name: "105-api-legacy").body)
                == .names([GroupVersionName(group: "", version: "v1")])
        )
        #expect(
            try Discovery.decode(Recording(name: "111-apis-aggregated-unknown-version").body) == .names(names)
        )
    }

    @Test func `the kinds of one group version are read in the old form`() throws {
        let discovery = try Discovery.decode(
            Recording(name: "112-kustomize-v1").body,
            of: GroupVersionName(group: FluxKind.kustomizeGroup, version: "v1")
        )
        #expect(discovery.served(.kustomization) == kustomizations)
    }

    private func serving(_ kind: FluxKind, _ versions: [String]) -> Discovery {
        Discovery(
            versions.map {
                ServedResource(group: kind.group, version: $0, kind: kind.kind, plural: kind.plural)
            }
        )
    }

    @Test(arguments: [
        (["v1beta1", "v1", "v1beta2"], "v1"), (["v1beta1", "v1beta2"], "v1beta2"), (["v1beta1"], "v1beta1"),
        (["v2", "v1"], "v1"), (["v3"], "v3"), (["v1alpha1", "v2alpha1"], "v2alpha1"),
    ])
    func `the newest version that weir knows is taken`(versions: [String], taken: String) {
        #expect(serving(.ociRepository, versions).served(.ociRepository)?.version == taken)
    }

    @Test(arguments: [
        (["v2beta1", "v2beta2", "v2"], "v2"), (["v2beta1", "v2beta2"], "v2beta2"),
        (["v2", "v3beta1"], "v2"),
    ])
    func `Helm counts from two`(versions: [String], taken: String) {
        #expect(serving(.helmRelease, versions).served(.helmRelease)?.version == taken)
    }

    @Test func `versions are ordered as Kubernetes orders them`() {
        let ordered = ["v1alpha1", "v2alpha1", "v1beta1", "v1beta10", "v2beta1", "v1", "v2", "v10"]
        #expect(ordered.compactMap { APIVersion($0) }.sorted().map(\.description) == ordered)
        #expect(
            ["", "v", "v0", "v01", "1", "v1beta", "v1gamma1", "vbeta1"].allSatisfy { APIVersion($0) == nil }
        )
    }

    @Test func `what is no discovery is refused`() {
        for text in ["", "{}", "[]", #"{"kind":"Status"}"#, #"{"kind":"APIGroupDiscoveryList"}"#, "<html>"] {
            #expect(throws: KubeStatus.self) { try Discovery.decode(Array(text.utf8)) }
        }
    }

    @Test func `rows that cannot be read cost only themselves`() throws {
        let text = """
            {"kind":"APIGroupDiscoveryList","items":[7,{"metadata":{"name":"a"},"versions":[{"version":"v1",
            "resources":[{"resource":7},{"resource":"xs","responseKind":{"kind":"X"},"verbs":"all"}]}]}]}
            """
        guard case .resources(let discovery) = try Discovery.decode(Array(text.utf8)) else {
            Issue.record("expected resources")
            return
        }
        #expect(discovery.resource(group: "a", kind: "X")?.canWatch == false)
    }
}
