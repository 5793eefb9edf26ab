import Foundation
import Kube
import Testing

/// What sources tell of the sources that they are put together from.
struct SourceCompositionTests {
    private let context = FluxDecoding(cluster: ClusterID("a"))

    private func example(_ name: String) throws -> SourceComposition? {
        let resource = try FluxResource.decode(Fixture.bytes("examples/\(name).json"), in: context)
        return try #require(resource).source?.composition
    }

    private func decode(_ json: String) -> SourceComposition? {
        FluxResource.decode(Array(json.utf8), in: context)?.source?.composition
    }

    private func ref(_ group: String, _ kind: String, _ namespace: String, _ name: String) -> ObjectRef {
        ObjectRef(cluster: ClusterID("a"), group: group, kind: kind, namespace: namespace, name: name)
    }

    @Test func `a generator names the copies of each artifact`() throws {
        let monorepo = ref(FluxKind.sourceGroup, "GitRepository", "flux-system", "flux-system")
        let part = SourcePart(source: monorepo, from: "apps/**", to: "")
        #expect(
            try example("10-artifactgenerator-ready")
                == .generates([GeneratedArtifact(name: "apps", parts: [part])])
        )
    }

    @Test func `an external artifact names its maker`() throws {
        let maker = ref(FluxKind.extensionsGroup, "ArtifactGenerator", "flux-system", "flux-system")
        #expect(try example("11-externalartifact-ready") == .made(by: maker))
    }

    @Test func `what has its content from its own address is put together from nothing`() throws {
        #expect(try example("01-gitrepository-ready") == nil)
        #expect(try example("05-ocirepository-ready-verified") == nil)
    }

    @Test func `an include lies at the name of its repository unless it says where`() {
        let composition = decode(
            #"""
            {"apiVersion":"source.toolkit.fluxcd.io/v1","kind":"GitRepository",
             "metadata":{"name":"all","namespace":"x"},
             "spec":{"url":"https://git.example/all","include":[
               {"repository":{"name":"fleet"}},
               {"repository":{"name":"shared"},"fromPath":"./base/","toPath":"vendor/shared"},
               {"fromPath":"nobody"}]}}
            """#
        )
        let group = FluxKind.sourceGroup
        #expect(
            composition
                == .includes([
                    SourcePart(source: ref(group, "GitRepository", "x", "fleet"), from: "", to: "fleet"),
                    SourcePart(
                        source: ref(group, "GitRepository", "x", "shared"),
                        from: "base",
                        to: "vendor/shared"
                    ),
                ])
        )
    }

    @Test func `copies of unknown aliases and of odd forms are left out`() {
        let composition = decode(
            #"""
            {"apiVersion":"source.extensions.fluxcd.io/v1beta1","kind":"ArtifactGenerator",
             "metadata":{"name":"cut","namespace":"x"},
             "spec":{"sources":[{"alias":"repo","kind":"GitRepository","name":"mono","namespace":"y"}],
              "artifacts":[{"name":"app","copy":[
               {"from":"@other/x","to":"@artifact/"},{"from":"repo/x","to":"@artifact/"},{"from":"@repo"},
               {"from":"@repo/values.yaml","to":"@artifact/chart/","exclude":["*.md"]},
               {"from":"@repo/values.yaml","to":"@artifact/chart/prod.yaml"}]}]}}
            """#
        )
        let mono = ref(FluxKind.sourceGroup, "GitRepository", "y", "mono")
        #expect(
            composition
                == .generates([
                    GeneratedArtifact(
                        name: "app",
                        parts: [
                            SourcePart(
                                source: mono,
                                from: "values.yaml",
                                to: "chart/values.yaml",
                                excludes: ["*.md"]
                            ),
                            SourcePart(source: mono, from: "values.yaml", to: "chart/prod.yaml"),
                        ]
                    )
                ])
        )
    }
}
