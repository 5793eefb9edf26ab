import Testing

@testable import FleetSimulator

@Suite(.timeLimit(.minutes(2)))
struct SourceControllerTests {
    @Test func `a new commit is stored and announced`() async throws {
        let world = try FluxWorld(["a.txt": "1"])
        try world.source()
        let first = try await world.wait(FluxKinds.gitRepository, "fleet") { $0.isReady }
        let commit = try world.push(["a.txt": "2"], message: "second commit")
        try world.request(FluxKinds.gitRepository, "fleet", token: "t1")
        let building = try await world.wait(FluxKinds.gitRepository, "fleet") {
            $0.conditionStatus("Ready") == "Unknown"
        }
        #expect(building.artifactRevision == first.artifactRevision)
        #expect(building.conditionStatus("ArtifactOutdated") == "True")
        #expect(building.text("status", "lastHandledReconcileAt") == nil)
        let second = try await world.wait(FluxKinds.gitRepository, "fleet") { object in
            object.text("status", "lastHandledReconcileAt") == "t1"
        }
        #expect(second.artifactRevision == "main@sha1:\(commit)")
        #expect(
            second.condition("Ready")?["message"]?.string
                == "stored artifact for revision 'main@sha1:\(commit)'"
        )
        #expect(second.condition("Reconciling") == nil)
        #expect(second.condition("ArtifactOutdated") == nil)
        let event = try #require(
            try world.events(about: "fleet", reason: "NewArtifact")
                .first { $0["message"]?.string == "stored artifact for commit 'second commit'" }
        )
        #expect(event.annotation("source.toolkit.fluxcd.io/revision") == "main@sha1:\(commit)")
    }

    @Test func `a run without news changes nothing but the acknowledgement`() async throws {
        let world = try FluxWorld(["a.txt": "1"])
        try world.source()
        let before = try await world.wait(FluxKinds.gitRepository, "fleet") { $0.isReady }
        try world.request(FluxKinds.gitRepository, "fleet", token: "t1")
        let after = try await world.wait(FluxKinds.gitRepository, "fleet") { object in
            object.text("status", "lastHandledReconcileAt") == "t1"
        }
        #expect(after[path: "status", "conditions"] == before[path: "status", "conditions"])
        #expect(after[path: "status", "artifact"] == before[path: "status", "artifact"])
        #expect(try world.events(about: "fleet").count == 1)
    }

    @Test func `a broken address keeps the old artifact`() async throws {
        let world = try FluxWorld(["a.txt": "1"])
        try world.source()
        let before = try await world.wait(FluxKinds.gitRepository, "fleet") { $0.isReady }
        try world.source(url: "https://git.acme.example/gone.git")
        let broken = try await world.wait(FluxKinds.gitRepository, "fleet") {
            $0.conditionStatus("Ready") == "False"
        }
        #expect(broken[path: "status", "artifact"] == before[path: "status", "artifact"])
        #expect(broken.condition("Ready")?["reason"] == "GitOperationFailed")
        let message = broken.condition("Ready")?["message"]?.string ?? ""
        #expect(
            message.hasPrefix("failed to checkout and determine revision: unable to clone 'https://git.acme")
        )
        #expect(broken.conditionStatus("FetchFailed") == "True")
        #expect(broken.condition("Reconciling")?["reason"] == "ProgressingWithRetry")
        #expect(broken[path: "status", "observedGeneration"] == 1)

        try world.source()
        let mended = try await world.wait(FluxKinds.gitRepository, "fleet") { $0.isReady }
        #expect(mended.condition("FetchFailed") == nil)
        #expect(mended.condition("Reconciling") == nil)
    }

    @Test func `a Secret that is missing or wrong fails in two ways`() async throws {
        let world = try FluxWorld(["a.txt": "1"])
        let mira = RepositoryRights.Rule.credentials(user: "mira", password: "secret")
        world.gitHost.setRights(RepositoryRights(reading: mira), repository: "fleet")
        try world.apply(
            FluxKinds.gitRepository,
            "fleet",
            spec: [
                "interval": "1m0s", "ref": ["branch": "main"], "secretRef": ["name": "git"],
                "url": .string(world.gitHost.url(repository: "fleet")),
            ]
        )
        let missing = try await world.wait(FluxKinds.gitRepository, "fleet") {
            $0.conditionStatus("Ready") == "False"
        }
        #expect(missing.condition("Ready")?["reason"] == "AuthenticationFailed")
        for (password, token) in [("wrong", "t1"), ("secret", "t2")] {
            let secret: JSON = [
                "apiVersion": "v1", "kind": "Secret", "metadata": ["name": "git", "namespace": "default"],
                "data": [
                    "username": .string(Base64.encoded("mira")),
                    "password": .string(Base64.encoded(password)),
                ],
            ]
            let key = world.key(FluxKinds.secret, "git")
            _ = try world.store.apply(key, secret, options: WriteOptions(fieldManager: "person", force: true))
            try world.request(FluxKinds.gitRepository, "fleet", token: token)
            let object = try await world.wait(FluxKinds.gitRepository, "fleet") { object in
                object.text("status", "lastHandledReconcileAt") == token
            }
            let message = object.condition("Ready")?["message"]?.string ?? ""
            #expect(object.isReady == (password == "secret"))
            #expect(message.contains("authentication required") == (password == "wrong"))
        }
    }

    @Test func `an OCI artifact names the commit it was made from`() async throws {
        let world = try FluxWorld(["deploy/a.yaml": Manifests.configMap("a"), "main.go": "package main"])
        let url = "oci://registry.acme.example/app"
        world.gitHost.registry.publish(
            artifact: url,
            from: ArtifactRegistry.Origin(repository: "fleet", branch: "main", folder: "deploy")
        )
        try world.apply(
            FluxKinds.ociRepository,
            "app",
            spec: ["interval": "5m0s", "url": .string(url), "ref": ["tag": "latest"]]
        )
        try world.kustomization(
            "app",
            ["path": "./", "sourceRef": ["kind": "OCIRepository", "name": "app"]]
        )
        let object = try await world.wait(FluxKinds.kustomization, "app") { $0.isReady }
        let commit = try world.head().unwrapped()
        #expect(object.text("status", "lastAppliedRevision")?.hasPrefix("latest@sha256:") == true)
        #expect(object.text("status", "lastAppliedOriginRevision") == "main@sha1:\(commit)")
        let source = try world.store.get(world.key(FluxKinds.ociRepository, "app"))
        let metadata = source.strings("status", "artifact", "metadata")
        #expect(metadata["org.opencontainers.image.source"] == world.gitHost.url(repository: "fleet"))
    }

    @Test func `a generated artifact changes only with its files`() async throws {
        let world = try FluxWorld(["policies/a.yaml": Manifests.configMap("a"), "README.md": "1"])
        try world.source()
        try world.apply(
            FluxKinds.artifactGenerator,
            "split",
            spec: [
                "sources": [["alias": "fleet", "kind": "GitRepository", "name": "fleet"]],
                "artifacts": [
                    ["name": "policies", "copy": [["from": "@fleet/policies/**", "to": "@artifact/"]]]
                ],
            ]
        )
        try world.kustomization(
            "app",
            ["path": "./", "sourceRef": ["kind": "ExternalArtifact", "name": "policies"]]
        )
        try world.request(FluxKinds.artifactGenerator, "split", token: "t0")
        let first = try await world.wait(FluxKinds.externalArtifact, "policies") {
            $0.artifactRevision != nil
        }
        #expect(first.artifactRevision?.hasPrefix("latest@sha256:") == true)
        _ = try await world.wait(FluxKinds.configMap, "a") { _ in true }

        let unrelated = try world.push(["README.md": "2"])
        try world.request(FluxKinds.gitRepository, "fleet", token: "t1")
        _ = try await world.wait(FluxKinds.gitRepository, "fleet") {
            $0.artifactRevision == "main@sha1:\(unrelated)"
        }
        try world.push(["policies/a.yaml": Manifests.configMap("a", ["a": "2"])])
        try world.request(FluxKinds.gitRepository, "fleet", token: "t2")
        _ = try await world.wait(FluxKinds.configMap, "a") { $0.strings("data") == ["a": "2"] }
    }

    @Test func `the image bot commits a new tag only when told to`() async throws {
        for commits in [false, true] {
            var options = FluxOptions(timeFactor: 0.002)
            options.imageBotCommits = commits
            let marked = Manifests.deployment(
                image: "ghcr.io/acme/api:1.0.0 # {\"$imagepolicy\": \"default:api\"}"
            )
            let world = try FluxWorld(["app/api.yaml": marked], options: options)
            for tag in ["1.0.0", "1.1.0", "2.0.0"] {
                world.gitHost.registry.publish(image: "ghcr.io/acme/api", tag: tag)
            }
            try world.source()
            _ = try await world.wait(FluxKinds.gitRepository, "fleet") { $0.isReady }
            try world.apply(
                FluxKinds.imageRepository,
                "api",
                spec: ["image": "ghcr.io/acme/api", "interval": "5m0s"]
            )
            try world.apply(
                FluxKinds.imagePolicy,
                "api",
                spec: ["imageRepositoryRef": ["name": "api"], "policy": ["semver": ["range": "1.x"]]]
            )
            let policy = try await world.wait(FluxKinds.imagePolicy, "api") { $0.isReady }
            #expect(policy.text("status", "latestRef", "tag") == "1.1.0")
            let before = try world.head()
            try world.apply(
                FluxKinds.imageUpdateAutomation,
                "api",
                spec: [
                    "interval": "10m0s", "sourceRef": ["kind": "GitRepository", "name": "fleet"],
                    "git": [
                        "commit": [
                            "author": ["name": "bot", "email": "bot@acme.example"],
                            "messageTemplate": "chore: images",
                        ]
                    ],
                    "update": ["path": "./app", "strategy": "Setters"],
                ]
            )
            let automation = try await world.wait(FluxKinds.imageUpdateAutomation, "api") { $0.isReady }
            let after = try world.head()
            #expect((before != after) == commits)
            #expect(automation.text("status", "lastPushCommit") == (commits ? after : nil))
            guard commits else { continue }
            let tree = try CommitTree(
                repository: world.gitHost.path(repository: "fleet"),
                commit: after.unwrapped()
            )
            #expect(
                tree.content(of: "app/api.yaml")?.text.contains("image: ghcr.io/acme/api:1.1.0 # {") == true
            )
        }
    }
}
