import Foundation

@testable import FleetSimulator

/// One small cluster with a repository `fleet` and running controllers, a few hundred times faster than real.
final class FluxWorld: Sendable {
    let folder = TemporaryFolder()
    let gitHost: GitHost
    let store = ObjectStore(seed: 1)
    let runtime: FluxRuntime

    static let author = CommitAuthor(name: "Mira", email: "mira@acme.example")

    /// Intervals stay as they are unless told otherwise, so that nothing runs again by itself during a test.
    init(_ files: [String: String] = [:], intervalFactor: Double = 1, options: FluxOptions? = nil) throws {
        gitHost = try GitHost(directory: folder.path)
        _ = try gitHost.start()
        var options = options ?? FluxOptions(timeFactor: 0.002)
        options.intervalFactor = intervalFactor
        runtime = FluxRuntime(clusterName: "test", store: store, gitHost: gitHost, options: options, seed: 1)
        _ = try gitHost.create(repository: "fleet")
        try push(files, message: "first")
        runtime.start()
    }

    deinit {
        runtime.stop()
        gitHost.stop()
    }

    /// Commits on a branch and returns the commit.
    @discardableResult
    func push(_ files: [String: String?], message: String = "change", branch: String = "main") throws
        -> String
    {
        let history = try RepositoryHistory(path: gitHost.path(repository: "fleet"))
        let head = try history.head(of: branch) ?? history.head(of: "main")
        return try history.commit(
            branch: branch,
            parents: [head].compactMap(\.self),
            author: Self.author,
            seconds: Int64(Date().timeIntervalSince1970),
            message: message + "\n",
            changes: files
        )
    }

    func head(_ branch: String = "main") throws -> String? {
        try RepositoryHistory(path: gitHost.path(repository: "fleet")).head(of: branch)
    }

    // MARK: Objects

    func key(_ type: ResourceType, _ name: String, in namespace: String? = "default") -> ObjectKey {
        ObjectKey(type, namespace: namespace, name: name)
    }

    /// Creates or changes an object as a person with kubectl apply --server-side does.
    func apply(_ type: ResourceType, _ name: String, spec: JSON, metadata: JSON = [:]) throws {
        var metadata = metadata
        metadata["name"] = .string(name)
        metadata["namespace"] = "default"
        let object: JSON = [
            "apiVersion": .string(type.apiVersion), "kind": .string(type.kind), "metadata": metadata,
            "spec": spec,
        ]
        _ = try store.apply(
            key(type, name),
            object,
            options: WriteOptions(fieldManager: "person", force: true)
        )
    }

    func source(_ name: String = "fleet", reference: JSON = ["branch": "main"], url: String? = nil) throws {
        try apply(
            FluxKinds.gitRepository,
            name,
            spec: [
                "interval": "1m0s", "ref": reference, "url": .string(url ?? gitHost.url(repository: "fleet")),
            ]
        )
    }

    func kustomization(_ name: String = "app", _ extra: [String: JSON] = [:]) throws {
        var spec: [String: JSON] = [
            "interval": "10m0s", "prune": true, "path": "./app",
            "sourceRef": ["kind": "GitRepository", "name": "fleet"],
        ]
        spec.merge(extra) { $1 }
        try apply(FluxKinds.kustomization, name, spec: .object(spec))
    }

    /// Asks for a reconciliation as `flux reconcile` does.
    func request(_ type: ResourceType, _ name: String, token: String, extra: [String: JSON] = [:]) throws {
        let annotations = ["reconcile.fluxcd.io/requestedAt": JSON.string(token)].merging(extra) { $1 }
        _ = try store.mergePatch(
            key(type, name),
            ["metadata": ["annotations": .object(annotations)]],
            options: WriteOptions(fieldManager: "flux")
        )
    }

    // MARK: Waiting

    /// The object as soon as it fits; the present state counts too.
    func wait(
        _ type: ResourceType,
        _ name: String,
        in namespace: String = "default",
        until fits: @escaping @Sendable (JSON) -> Bool
    ) async throws -> JSON {
        try await first(type) { $0.name == name && $0.namespace == namespace && fits($0) }
    }

    /// The Kustomization when it has handled a request.
    func handled(_ name: String = "app", token: String) async throws -> JSON {
        try await wait(FluxKinds.kustomization, name) { $0.text("status", "lastHandledReconcileAt") == token }
    }

    /// The first object of a kind that fits, now or after a change.
    func first(_ type: ResourceType, where fits: @escaping @Sendable (JSON) -> Bool) async throws -> JSON {
        try await Story.first(store, type, where: fits)
    }

    /// When an object is gone.
    func gone(_ key: ObjectKey) async throws {
        let stream = AsyncStream<Void> { continuation in
            let ticket = try? store.watch(key.type) { _ in continuation.yield() }
            continuation.onTermination = { _ in ticket?.cancel() }
            continuation.yield()
        }
        for await _ in stream where (try? store.get(key)) == nil { return }
    }

    /// Messages of the events about an object, in the order of their recording.
    func events(about name: String, reason: String? = nil) throws -> [JSON] {
        let type = try store.type(group: "", version: "v1", plural: "events").unwrapped()
        return try store.list(type).items
            .filter {
                $0.text("involvedObject", "name") == name && (reason == nil || $0["reason"]?.string == reason)
            }
            .sorted {
                ($0.text("metadata", "resourceVersion") ?? "")
                    < ($1.text("metadata", "resourceVersion") ?? "")
            }
    }
}

struct Missing: Error {}

extension Optional {
    /// The value, or an error where a test cannot go on without it.
    func unwrapped() throws -> Wrapped {
        guard let self else { throw Missing() }
        return self
    }
}

extension FluxWorld {
    private static func version(_ object: JSON) -> Int {
        object.text("metadata", "resourceVersion").flatMap { Int($0) } ?? 0
    }
}

/// Manifests that tests use again and again.
enum Manifests {
    static func configMap(_ name: String, _ data: [String: String] = ["a": "1"]) -> String {
        let lines = data.sorted { $0.key < $1.key }.map { "  \($0.key): \"\($0.value)\"\n" }.joined()
        return
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: \(name)\n  namespace: default\ndata:\n\(lines)"
    }

    static func deployment(_ name: String = "api", image: String = "ghcr.io/acme/api:1.0.0") -> String {
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: \(name)
          namespace: default
        spec:
          replicas: 2
          progressDeadlineSeconds: 100000
          selector:
            matchLabels: {app: \(name)}
          template:
            metadata:
              labels: {app: \(name)}
            spec:
              containers:
                - name: api
                  image: \(image)
        """
    }
}
