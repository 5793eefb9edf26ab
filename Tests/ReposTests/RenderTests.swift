import Foundation
import Git
import Kube
import Testing

@testable import Repos

/// Manifests built from the mirror with the operator's own tools, or without any.
struct RenderTests {
    private static let applier = ObjectRef(
        cluster: ClusterID("a"),
        group: FluxKind.kustomizeGroup,
        kind: "Kustomization",
        namespace: "apps",
        name: "shop"
    )

    /// A real kubectl, which brings its kustomize.
    static let kubectl = ProcessInfo.processInfo.environment["WEIR_KUBECTL"].flatMap { path in
        FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }

    private func render(
        _ bench: Bench,
        _ commit: String,
        path: String = "apps",
        spec: ObjectValue = .object([:]),
        exclusions: SourceExclusions = .repository(ignore: nil),
        programs: String
    ) async throws -> Result<RenderedManifests, GitFailure> {
        let mirror = bench.mirror(with: ["PATH": "\(programs):\(bench.environment["PATH"] ?? "")"])
        _ = try await mirror.fetched().get()
        let question = RenderQuestion(
            applier: RenderTests.applier,
            commit: commit,
            path: path,
            spec: spec,
            exclusions: exclusions
        )
        return await withCheckedContinuation { waiting in
            mirror.render(question) { waiting.resume(returning: $0) }
        }
    }

    /// A directory with a program that does what a script says.
    private func program(_ bench: Bench, _ name: String, _ script: String) throws -> String {
        let directory = "\(bench.root)/bin"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try "#!/bin/sh\n\(script)\n".write(toFile: "\(directory)/\(name)", atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755],
            ofItemAtPath: "\(directory)/\(name)"
        )
        return directory
    }

    private func fleet(_ bench: Bench) throws -> String {
        let commit = try bench.commit(
            "all",
            [
                "apps/kustomization.yaml": "resources: [../base]\nnamePrefix: prod-\n",
                "base/kustomization.yaml": "resources: [api.yaml]\n",
                "base/api.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: api}\ndata: {a: '1'}\n",
                "elsewhere/other.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\n",
                "plain/one.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\n",
            ]
        )
        try bench.push()
        return commit
    }

    @Test func `a tool gets just the files that the build reads, at the commit that was asked for`()
        async throws
    {
        let bench = try Bench()
        let commit = try fleet(bench)
        try bench.commit("later", ["base/api.yaml": "broken"])
        try bench.push()
        let bin = try program(
            bench,
            "kustomize",
            "cd \"$2/..\" && find . -type f | sort && cat base/api.yaml"
        )
        let built = try await render(bench, commit, programs: bin).get()
        #expect(built.renderer == "kustomize build" && built.text.contains("kind: ConfigMap"))
        #expect(built.text.contains("./apps/kustomization.yaml") && !built.text.contains("other.yaml"))
        // Nothing of it stays behind.
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: bench.cache).allSatisfy {
                !$0.hasPrefix("render")
            }
        )
    }

    @Test func `what the tool says is told, without the name of the copy`() async throws {
        let bench = try Bench()
        let commit = try fleet(bench)
        let script = "echo \"Error: no such thing: $2/api.yaml\" >&2; exit 1"
        let bin = try program(bench, "kustomize", script)
        // Whatever else this machine has is found behind it.
        _ = try program(bench, "kubectl", script)
        _ = try program(bench, "flux", "exit 1")
        let failed = try #require(try await render(bench, commit, programs: bin).failure)
        #expect(failed.message.contains("no such thing: apps/api.yaml"))
        #expect(!failed.message.contains(bench.root))
    }

    @Test func `the same files are built once, at whatever commit, and others anew`() async throws {
        let bench = try Bench()
        let first = try fleet(bench)
        let second = try bench.commit("other", ["elsewhere/more.yaml": "kind: A"])
        let third = try bench.commit("base", ["base/api.yaml": "kind: B"])
        try bench.push()
        let count = "\(bench.root)/count"
        let bin = try program(bench, "kustomize", "echo x >> \(count); cat \"$2/../base/api.yaml\"")
        let mirror = bench.mirror(with: ["PATH": "\(bin):\(bench.environment["PATH"] ?? "")"])
        _ = try await mirror.fetched().get()
        func text(_ commit: String) async throws -> String {
            let question = RenderQuestion(
                applier: RenderTests.applier,
                commit: commit,
                path: "apps",
                spec: .object([:])
            )
            return try await withCheckedContinuation { waiting in
                mirror.render(question) { waiting.resume(returning: $0) }
            }.get().text
        }
        async let one = text(first)
        async let two = text(second)
        #expect(try await one == two)
        #expect(try await text(first).contains("ConfigMap"))
        #expect(try await text(third) == "kind: B")
        #expect(try String(contentsOfFile: count, encoding: .utf8) == "x\nx\n")
    }

    @Test func `a commit that the mirror lacks comes with what to do about it`() async throws {
        let bench = try Bench()
        _ = try fleet(bench)
        let bin = try program(bench, "kustomize", "true")
        let commit = String(repeating: "9", count: 40)
        let failure = try #require(try await render(bench, commit, programs: bin).failure)
        #expect(failure.cause == .notFound && failure.message.contains("p fetches"))
    }

    @Test func `stopping the mirror ends a silent build at once, and waits for it`() async throws {
        let bench = try Bench()
        let commit = try fleet(bench)
        // It says that it runs, and then nothing for ever.
        let mark = "\(bench.root)/mark"
        try #require(mkfifo(mark, 0o600) == 0)
        let bin = try program(bench, "kustomize", "echo $$ > \(mark); exec sleep 1000")
        let mirror = bench.mirror(with: ["PATH": "\(bin):\(bench.environment["PATH"] ?? "")"])
        _ = try await mirror.fetched().get()
        let question = RenderQuestion(
            applier: RenderTests.applier,
            commit: commit,
            path: "apps",
            spec: .object([:])
        )
        async let built = withCheckedContinuation { waiting in
            mirror.render(question) { waiting.resume(returning: $0) }
        }
        let pipe = try #require(FileHandle(forReadingAtPath: mark))
        let line = String(decoding: pipe.availableData, as: UTF8.self)
        let process = try #require(pid_t(line.trimmingCharacters(in: .whitespacesAndNewlines)))
        await withCheckedContinuation { waiting in mirror.stop { waiting.resume() } }
        #expect(kill(process, 0) != 0)
        guard case .failure = await built else {
            Issue.record("a build that was called off succeeded")
            return
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: bench.cache).allSatisfy {
                !$0.hasPrefix("render")
            }
        )
    }

    @Test func `what the Kustomization adds is part of what the tool builds`() async throws {
        let bench = try Bench()
        let commit = try fleet(bench)
        let bin = try program(bench, "kustomize", "cat \"$2\"/kustomization.yaml")
        let spec = ObjectValue.object(["targetNamespace": .string("shop")])
        let built = try await render(bench, commit, spec: spec, programs: bin).get()
        #expect(built.text.contains(#""namespace":"shop""#) && built.text.contains(#""namePrefix":"prod-""#))
        let plain = try await render(bench, commit, path: "plain", spec: spec, programs: bin).get()
        #expect(plain.text.contains("./one.yaml"))
    }

    @Test func `what the source leaves out is not built`() async throws {
        let bench = try Bench()
        let manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
        let commit = try bench.commit(
            "all",
            [
                "apps/a.yaml": manifest, "apps/cloudbuild.yaml": manifest, "apps/drafts/b.yaml": manifest,
                "apps/drafts/c.yaml": manifest,
            ]
        )
        let ruled = try bench.commit("rules", ["apps/.sourceignore": "drafts\n!c.yaml\n"])
        try bench.push()
        let bin = try program(bench, "kustomize", "cd \"$2\" && find . -name '*.yaml' | sort | tr '\\n' ' '")
        func built(_ commit: String, _ exclusions: SourceExclusions) async throws -> String {
            let manifests = try await render(bench, commit, exclusions: exclusions, programs: bin).get()
            return manifests.text.replacingOccurrences(of: "./kustomization.yaml ", with: "")
        }
        #expect(
            try await built(commit, .repository(ignore: nil)) == "./a.yaml ./drafts/b.yaml ./drafts/c.yaml "
        )
        #expect(try await built(commit, .repository(ignore: "/apps/drafts")) == "./a.yaml ./cloudbuild.yaml ")
        let taken = "./a.yaml ./cloudbuild.yaml ./drafts/c.yaml "
        #expect(try await built(ruled, .repository(ignore: nil)) == taken)
        let all = "./a.yaml ./cloudbuild.yaml ./drafts/b.yaml ./drafts/c.yaml "
        #expect(try await built(ruled, .packed) == all)
    }

    @Test func `a component that is missing is left out where the Kustomization says so`() async throws {
        let bench = try Bench()
        let commit = try fleet(bench)
        let bin = try program(bench, "kustomize", "cat \"$2\"/kustomization.yaml")
        let spec = ObjectValue.object([
            "components": .list([.string("../gone")]), "ignoreMissingComponents": .flag(true),
        ])
        #expect(try await !render(bench, commit, spec: spec, programs: bin).get().text.contains("gone"))
    }

    @Test func `a path that is not there is told`() async throws {
        let bench = try Bench()
        let commit = try fleet(bench)
        let bin = try program(bench, "kustomize", "true")
        let failure = try await render(bench, commit, path: "gone", programs: bin).failure
        #expect(failure?.cause == .notFound)
    }

    @Test(.enabled(if: RenderTests.kubectl != nil, "needs WEIR_KUBECTL"))
    func `a real kubectl builds an overlay, and reads nothing beside it`() async throws {
        let bench = try Bench()
        let commit = try fleet(bench)
        let bin = "\(bench.root)/bin"
        try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: "\(bin)/kubectl",
            withDestinationPath: RenderTests.kubectl ?? ""
        )
        let spec = ObjectValue.object([
            "patches": .list([
                .object([
                    "patch": .string("[{\"op\": \"replace\", \"path\": \"/data/a\", \"value\": \"2\"}]"),
                    "target": .object(["kind": .string("ConfigMap")]),
                ])
            ])
        ])
        let built = try await render(bench, commit, spec: spec, programs: bin).get()
        #expect(built.renderer == "kubectl kustomize")
        let state = try built.desired(by: RenderTests.applier, ApplierRecipe(spec: spec)).get()
        #expect(state.objects.map(\.entry.name) == ["prod-api"])
        #expect(state.objects.first?.body["data"]?["a"] == .string("2"))
    }

    @Test(arguments: [
        "configMapGenerator: [{name: x, files: [k=SECRET]}]",
        "configMapGenerator: [{name: x, envs: [SECRET]}]",
        "secretGenerator: [{name: x, files: [SECRET]}]", "patches: [{path: SECRET}]", "crds: [SECRET]",
        "resources: [../../../../../../../../../../SECRET]", "openapi: {path: SECRET}",
    ])
    func `a repository that reads the operator's own files is handed to no program`(text: String) async throws
    {
        let bench = try Bench()
        let secret = "\(bench.root)/id_ed25519"
        try "private".write(toFile: secret, atomically: true, encoding: .utf8)
        let commit = try bench.commit(
            "reaches out",
            ["apps/kustomization.yaml": text.replacingOccurrences(of: "SECRET", with: secret)]
        )
        try bench.push()
        let mark = "\(bench.root)/ran"
        for name in ["flux", "kustomize", "kubectl"] {
            _ = try program(bench, name, "touch \(mark); cat \(secret)")
        }
        let failure = try await render(bench, commit, programs: "\(bench.root)/bin").failure
        #expect(failure?.message.contains("outside the repository") == true)
        #expect(!FileManager.default.fileExists(atPath: mark))
    }

    @Test func `a link that leads out of the repository is not followed, nor made in the copy`() async throws
    {
        let bench = try Bench()
        let secret = "\(bench.root)/id_ed25519"
        try "private".write(toFile: secret, atomically: true, encoding: .utf8)
        let linked = "configMapGenerator: [{name: x, files: [link]}]\nresources: [inside.yaml]\n"
        try bench.commit("all", ["apps/kustomization.yaml": linked, "apps/real.yaml": "kind: A\n"])
        for (name, target) in ["link": secret, "inside.yaml": "real.yaml"] {
            let link = "\(bench.work)/apps/\(name)"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
        }
        let commit = try bench.commit("links", [:])
        try bench.push()
        let bin = try program(
            bench,
            "kustomize",
            "cd \"$2\" && find . ! -type d ! -type f; cat link 2>&1; echo"
        )
        let built = try await render(bench, commit, programs: bin).get()
        #expect(!built.text.contains("private") && !built.text.contains("./"), "\(built.text)")
    }

    @Test func `what fetches from elsewhere is not built by flux, which reads whatever that names`()
        async throws
    {
        let bench = try Bench()
        let commit = try bench.commit(
            "remote",
            ["apps/kustomization.yaml": "resources: ['https://git.invalid/a/b//c?ref=v1']\n"]
        )
        try bench.push()
        let bin = try program(bench, "flux", "echo 'kind: A'")
        _ = try program(bench, "kubectl", "echo \"kind: B # $GIT_ALLOW_PROTOCOL\"")
        let built = try await render(bench, commit, programs: bin).get()
        #expect(built.renderer == "kubectl kustomize" && built.text.contains("https"))
        #expect(!built.text.contains("file"))
        _ = try program(bench, "kubectl", "exit 1")
        #expect(
            try await render(bench, commit, programs: bin).failure?.message.contains("kubectl kustomize")
                == true
        )
    }

    @Test func `flux builds what the others may not read, as long as it lies in the repository`() async throws
    {
        let bench = try Bench()
        let commit = try fleet(bench)
        let bin = try program(bench, "flux", "echo 'kind: A'")
        let limit = "echo \"Error: security; file 'x' is not in or below '$2'\" >&2; exit 1"
        _ = try program(bench, "kustomize", limit)
        _ = try program(bench, "kubectl", limit)
        #expect(try await render(bench, commit, programs: bin).get().renderer == "flux build")
    }

    @Test func `a field is found in the mirror at a commit`() async throws {
        let bench = try Bench()
        let commit = try fleet(bench)
        try bench.commit("later", ["base/api.yaml": "gone: true"])
        try bench.push()
        let mirror = try await bench.fetched()
        let entry = InventoryEntry(
            namespace: "a",
            name: "prod-api",
            group: "",
            kind: "ConfigMap",
            version: "v1"
        )
        let question = ManifestQuestion(
            repository: mirror.id,
            commit: commit,
            path: "apps",
            targets: [.init(entry: entry, fields: ["data.a"])]
        )
        let found = try await withCheckedContinuation { waiting in
            mirror.origins(of: question) { waiting.resume(returning: $0) }
        }.get()
        #expect(found[entry]?.fields["data.a"]?.words == "base/api.yaml:4")
    }
}
