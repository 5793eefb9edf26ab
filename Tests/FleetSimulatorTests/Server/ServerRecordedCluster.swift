import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import FleetSimulator

/// A simulated cluster with the objects that the recorded exchanges are about.
struct ServerRecordedCluster {
    static let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    /// For tests that change nothing.
    static let shared = Result { try ServerRecordedCluster() }

    let cluster: SimulatedCluster
    var store: ObjectStore { cluster.store }
    var api: ClusterAPI { cluster.server.api }

    init(allowsAnonymous: Bool = true) throws {
        var settings = SimulatedCluster.Settings()
        settings.tenantNamespace = "apps-000"
        // The recorded tenant could only read.
        settings.tenantsMayPatch = false
        settings.allowsAnonymous = allowsAnonymous
        cluster = try SimulatedCluster(
            name: "recorded",
            store: ObjectStore(seed: 1),
            settings: settings,
            eventLoop: Self.loops.next()
        )
        for number in 0...9 { try apply(Self.namespace("apps-00\(number)")) }
        try apply(Self.namespace("flux-system"))
        for folder in ["267-plain-large-list", "237-list-helmreleases", "249-list-alerts"] {
            for item in try ServerWireExchange(folder).json["items"]?.array ?? [] { try seed(item) }
        }
        for folder in ["236-get-kustomization-root"] { try seed(ServerWireExchange(folder).json) }
        var config = try ServerWireExchange("651-configmap-clean").json
        config["metadata"]?["name"] = "database-0045-config"
        config["metadata"]?["namespace"] = "apps-001"
        try seed(config)
        let deployment = try ServerWireExchange("431-ssa-dry-run-clean")
        try apply(JSON(parsing: deployment.requestBody))
    }

    /// The bearer token of a recorded user.
    func token(_ user: String) -> String {
        switch user {
        case "viewer": cluster.tokens.viewer
        case "tenant": cluster.tokens.tenant
        case "nobody": cluster.tokens.nobody
        case "unknown": "not-a-token"
        default: cluster.tokens.admin
        }
    }

    /// Answers a recorded request as its user, with another query or body where the recorded one cannot fit.
    func answer(
        _ exchange: ServerWireExchange,
        as user: String = "admin",
        uri: String? = nil,
        body: Data? = nil
    ) -> APIAnswer {
        api.answer(exchange.request(token: token(user), uri: uri, body: body))
    }

    func key(_ group: String, _ plural: String, _ namespace: String, _ name: String) throws -> ObjectKey {
        let type = try #require(ResourceTypes.type(group: group, plural: plural))
        return ObjectKey(type, namespace: namespace, name: name)
    }

    // MARK: Seeding

    private static func namespace(_ name: String) -> JSON {
        ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)]]
    }

    private func seed(_ object: JSON) throws {
        var desired = object
        desired["status"] = nil
        for field in ["uid", "resourceVersion", "generation", "creationTimestamp", "managedFields"] {
            desired["metadata"]?[field] = nil
        }
        let key = try apply(desired)
        guard let status = object["status"] else { return }
        _ = try store.mergePatch(
            key,
            ["status": status],
            options: WriteOptions(fieldManager: "gotk-kustomize-controller", subresource: "status")
        )
    }

    @discardableResult
    private func apply(_ object: JSON) throws -> ObjectKey {
        let version = object["apiVersion"]?.string ?? ""
        let kind = object["kind"]?.string ?? ""
        let type = try #require(ResourceTypes.type(apiVersion: version, kind: kind))
        let key = ObjectKey(
            type,
            namespace: object[path: "metadata", "namespace"]?.string,
            name: object[path: "metadata", "name"]?.string ?? ""
        )
        _ = try store.apply(
            key,
            object,
            options: WriteOptions(fieldManager: "kustomize-controller", force: true)
        )
        return key
    }
}
