import Chrono
import Git
import HashTreeCollections
import Kube
import Testing

@testable import Dashboard

/// Whom a rollback touches through other sources: includes, and artifacts that a generator makes.
struct BlastRadiusPartsTests {
    private static let file = "apps/checkout/deployment.yaml"

    private func plan(changed: Set<String> = ["apps/checkout"]) -> RevertPlan {
        RevertPlan(
            request: RevertRequest(repository: Sample.fleet, branch: "main", commit: Sample.bad),
            target: Sample.log([Sample.bad])[0],
            tip: Sample.bad,
            tree: "tree",
            message: "Revert",
            author: "",
            email: "",
            diff: CommitDiff(
                files: [
                    FileDiff(
                        change: .modified,
                        oldPath: BlastRadiusPartsTests.file,
                        newPath: BlastRadiusPartsTests.file
                    )
                ]
            ),
            conflicts: [],
            changedPaths: changed,
            imagePolicies: []
        )
    }

    private func rehearsal(_ resources: [FluxResource]) -> Rehearsal {
        var rehearsal = Rehearsal(["a"])
        rehearsal.show("a", resources)
        return rehearsal
    }

    private func survey(_ plan: RevertPlan, _ resources: [FluxResource]) -> BlastRadius {
        BlastRadius(of: plan, clusters: rehearsal(resources).state.clusters, isReadOnly: false)
    }

    private let fleet = Sample.ref("a", .gitRepository, "flux-system/fleet")

    /// Another repository that takes in part of the fleet's below `vendor`.
    private func includer(_ from: String) -> FluxResource {
        var source = Sample.source("a", "flux-system/all", url: "https://git.example/acme/all")
        source.source?.composition = .includes([SourcePart(source: fleet, from: from, to: "vendor")])
        return source
    }

    private func applier(_ name: String, of source: ObjectRef, path: String) -> FluxResource {
        var applier = Sample.applier("a", name)
        applier.applier?.source = source
        applier.applier?.path = path
        return applier
    }

    @Test func `a path in an included part is planned with, and changes at its next run`() {
        let source = includer("apps")
        let reader = applier("other/checkout", of: source.ref, path: "./vendor/checkout")
        let resources = [Sample.source("a"), source, reader]
        #expect(rehearsal(resources).state.paths(in: Sample.fleet).contains("apps/checkout"))
        let radius = survey(plan(), resources)
        #expect(radius.rows.map(\.ref) == [reader.ref])
        #expect(
            radius.rows.map(\.reach) == [.later("at its next run: all takes in fleet under its own revision")]
        )
        #expect(radius.rows.map(\.tellsCommit) == [false])
        #expect(survey(plan(changed: []), resources).rows.isEmpty)
    }

    @Test func `who is built from the included part as a whole changes, who only might is a trap`() {
        let source = includer("apps")
        let whole = applier("other/all", of: source.ref, path: "./")
        let beside = applier("other/beside", of: source.ref, path: "./clusters/x")
        let radius = survey(plan(), [Sample.source("a"), source, whole, beside])
        #expect(radius.rows.map(\.ref) == [whole.ref])
        #expect(radius.traps == [.included(source.ref)])
        // Nothing of what is included changes.
        let untouched = survey(plan(), [Sample.source("a"), includer("infra"), whole, beside])
        #expect(untouched.rows.isEmpty && untouched.traps.isEmpty)
    }

    @Test func `an included repository on another branch is not affected`() {
        let source = includer("apps")
        let reader = applier("other/checkout", of: source.ref, path: "vendor/checkout")
        let radius = survey(plan(), [Sample.source("a", follows: .branch("staging")), source, reader])
        #expect(radius.rows.map(\.reach) == [.notAffected("takes in fleet, which tracks branch staging")])
    }

    private static func kind(_ name: String) -> FluxKind {
        FluxKind.all.first { $0.kind == name } ?? .gitRepository
    }

    /// A generator that cuts the apps out of the fleet's repository.
    private func generated(_ from: String, suspended: Bool = false) -> (
        generator: FluxResource, artifact: FluxResource
    ) {
        var generator = FluxResource(
            ref: Sample.ref("a", BlastRadiusPartsTests.kind("ArtifactGenerator"), "flux-system/cut"),
            kind: BlastRadiusPartsTests.kind("ArtifactGenerator"),
            state: suspended ? .suspended : .ready
        )
        generator.isSuspended = suspended
        generator.source = SourceFacts(
            url: "",
            follows: .none,
            composition: .generates([
                GeneratedArtifact(name: "apps", parts: [SourcePart(source: fleet, copying: from, to: "")])
            ])
        )
        var artifact = FluxResource(
            ref: Sample.ref("a", BlastRadiusPartsTests.kind("ExternalArtifact"), "flux-system/apps"),
            kind: BlastRadiusPartsTests.kind("ExternalArtifact"),
            state: .ready
        )
        artifact.source = SourceFacts(
            url: "",
            follows: .none,
            origin: Sample.revision(Sample.bad),
            composition: .made(by: generator.ref)
        )
        return (generator, artifact)
    }

    @Test func `who reads a generated artifact changes with what was copied into it`() {
        let (generator, artifact) = generated("apps/**")
        let reader = applier("apps/checkout", of: artifact.ref, path: "./checkout")
        let resources = [Sample.source("a"), generator, artifact, reader]
        let radius = survey(plan(), resources)
        #expect(radius.rows.map(\.ref) == [reader.ref])
        #expect(radius.rows.map(\.reach) == [.changes])
        #expect(radius.rows.map(\.tellsCommit) == [true])
        // What it is made of is asked first: the artifact itself cannot be.
        #expect(rehearsal(resources).state.sources(of: reader.ref) == [fleet])
    }

    @Test func `files outside the copies make no new artifact`() {
        let (generator, artifact) = generated("apps/**/*.json")
        let reader = applier("apps/checkout", of: artifact.ref, path: "./checkout")
        #expect(survey(plan(), [Sample.source("a"), generator, artifact, reader]).rows.isEmpty)
    }

    @Test func `a generator that is switched off makes it wait`() {
        let (generator, artifact) = generated("apps/**", suspended: true)
        let reader = applier("apps/checkout", of: artifact.ref, path: "./checkout")
        let radius = survey(plan(), [Sample.source("a"), generator, artifact, reader])
        #expect(radius.rows.map(\.reach) == [.later("its source is suspended")])
        #expect(radius.traps == [.suspended(reader.ref, by: generator.ref)])
    }
}
