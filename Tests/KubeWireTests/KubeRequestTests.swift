import Chrono
import Foundation
import Kube
import KubeWire
import Testing

private let helmReleases = ServedResource(
    group: FluxKind.helmGroup,
    version: "v2",
    kind: "HelmRelease",
    plural: "helmreleases"
)

struct KubeRequestTests {
    static let recorded: [(String, KubeRequest)] = [
        ("101-version", .version),
        ("107-apis-aggregated", .groups()),
        ("110-api-aggregated", .coreGroup),
        ("112-kustomize-v1", .resources(group: FluxKind.kustomizeGroup, version: "v1")),
        ("232-get-kustomization-ready", .get(kustomizations, namespace: "apps-000", name: "auth-0044")),
        (
            "254-metadata-object",
            .get(kustomizations, namespace: "flux-system", name: "flux-system", metadataOnly: true)
        ),
        (
            "407-helmrelease-force",
            .reconcile(
                helmReleases,
                namespace: "apps-001",
                name: "cert-manager-001",
                token: "2026-11-22T20:15:04.123456789Z",
                force: true
            )
        ),
        ("530-ssar-allowed", .mayI(verb: "list", group: FluxKind.kustomizeGroup, resource: "kustomizations")),
        ("550-whoami-token", .whoAmI),
    ]

    @Test(arguments: recorded)
    func `requests are those that were recorded`(name: String, request: KubeRequest) throws {
        let sent = try Recording(name: name).request
        #expect(sent.line == "\(request.method.rawValue) \(request.path)")
        #expect(sent.query == Dictionary(uniqueKeysWithValues: request.query.map { ($0.name, $0.value) }))
        #expect(sent.accept == request.accept)
        #expect(sent.type == request.contentType)
        #expect(sent.body.isEmpty == (request.body == nil))
        if let body = request.body {
            let made = try JSONSerialization.jsonObject(with: Data(body)) as? NSDictionary
            #expect(made == (try JSONSerialization.jsonObject(with: Data(sent.body.utf8)) as? NSDictionary))
        }
    }

    @Test func `a list asks for pages and gzip, and never for a version`() {
        let first = KubeRequest.list(kustomizations)
        #expect(first.target == "/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations?limit=500")
        #expect(first.acceptsGzip && !first.isStream)
        let next = KubeRequest.list(kustomizations, namespace: "a b", page: "eyJ2=/+")
        #expect(
            next.target
                == "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/a%20b/kustomizations?limit=500&continue=eyJ2%3D%2F%2B"
        )
    }

    @Test func `one object is looked for with the right to list`() {
        let roles = ServedResource(group: "rbac", version: "v1", kind: "Role", plural: "roles")
        let request = KubeRequest.named("a=b,c", roles, namespace: "apps")
        #expect(request.path == "/apis/rbac/v1/namespaces/apps/roles")
        #expect(request.query == [QueryItem("fieldSelector", #"metadata.name=a\=b\,c"#)])
        #expect(request.accept == MediaType.metadataList)
    }

    @Test func `a watch asks for bookmarks and an end, never for gzip`() throws {
        let watch = KubeRequest.watch(kustomizations, namespace: "apps-000", from: "1065", seconds: 8)
        let sent = try Recording(name: "301-watch-normal").request
        #expect(sent.line == "GET \(watch.path)")
        #expect(sent.query == Dictionary(uniqueKeysWithValues: watch.query.map { ($0.name, $0.value) }))
        #expect(!watch.acceptsGzip && watch.isStream)
        let metadata = KubeRequest.watch(deployments, metadataOnly: true, from: "1", seconds: 300)
        #expect(metadata.accept == MediaType.metadata)
    }

    @Test func `metadata lists select by label and take plain JSON too`() throws {
        let list = KubeRequest.list(
            deployments,
            labelSelector: "kustomize.toolkit.fluxcd.io/name",
            metadataOnly: true
        )
        let sent = try Recording(name: "252-metadata-list-deployments").request
        #expect(sent.line == "GET \(list.path)")
        #expect(sent.accept == list.accept)
        #expect(list.target.hasSuffix("&labelSelector=kustomize.toolkit.fluxcd.io%2Fname"))
    }

    @Test func `every write names its field manager`() throws {
        let patch = KubeRequest.reconcile(kustomizations, namespace: "a", name: "b", token: "t", force: false)
        #expect(patch.query == [QueryItem("fieldManager", "weir")])
        #expect(patch.contentType == "application/merge-patch+json")
        #expect(patch.isMutating)
        #expect(
            patch.body.map { String(decoding: $0, as: UTF8.self) }
                == #"{"metadata":{"annotations":{"reconcile.fluxcd.io/requestedAt":"t"}}}"#
        )
    }

    @Test func `questions are no changes`() {
        #expect(!KubeRequest.mayI(verb: "patch", group: "", resource: "pods").isMutating)
        #expect(!KubeRequest.whoAmI.isMutating)
        #expect(!KubeRequest.list(kustomizations).isMutating)
    }

    @Test func `suspending sets the field and says who and why`() throws {
        let patch = try #require(
            KubeRequest.suspend(
                kustomizations,
                kind: .kustomization,
                namespace: "a",
                name: "b",
                true,
                by: "jane",
                reason: "\"why\"\n",
                at: Timestamp(seconds: 1_800_000_000)
            )
        )
        #expect(
            patch.body.map { String(decoding: $0, as: UTF8.self) }
                == #"{"metadata":{"annotations":{"fluxcd.controlplane.io/suspendedBy":"jane","#
                + #""weir.dev/suspend-reason":"\"why\"\n","weir.dev/suspended-at":"2027-01-15T08:00:00Z"}},"#
                + #""spec":{"suspend":true}}"#
        )
    }

    @Test func `resuming removes the field and the annotations`() throws {
        let patch = try #require(
            KubeRequest.suspend(
                kustomizations,
                kind: .kustomization,
                namespace: "a",
                name: "b",
                false,
                by: "jane"
            )
        )
        #expect(
            patch.body.map { String(decoding: $0, as: UTF8.self) }
                == #"{"metadata":{"annotations":{"fluxcd.controlplane.io/suspendedBy":null,"#
                + #""weir.dev/suspend-reason":null,"weir.dev/suspended-at":null}},"spec":{"suspend":null}}"#
        )
    }

    @Test func `the operator's kinds are suspended by annotation, some not at all`() throws {
        let instance = try #require(FluxKind.named("FluxInstance"))
        let resource = ServedResource(
            group: instance.group,
            version: "v1",
            kind: instance.kind,
            plural: instance.plural
        )
        let patch = try #require(
            KubeRequest.suspend(resource, kind: instance, namespace: "a", name: "b", true)
        )
        let body = String(decoding: patch.body ?? [], as: UTF8.self)
        #expect(body.contains(#""fluxcd.controlplane.io/reconcile":"disabled""#))
        #expect(!body.contains("spec"))
        let artifact = try #require(FluxKind.named("ExternalArtifact"))
        #expect(KubeRequest.suspend(resource, kind: artifact, namespace: "a", name: "b", true) == nil)
    }

    @Test func `names cannot leave their segment`() {
        let request = KubeRequest.get(kustomizations, namespace: "../x", name: "a/b?c#d%")
        #expect(
            request.path
                == "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/..%2Fx/kustomizations/a%2Fb%3Fc%23d%25"
        )
    }
}
