import Clusters
import Dispatch
import Foundation
import Kube
import KubeWire
import Testing
import Wire

/// A second client of an API server, to see what is really there.
final class APIClient: Sendable {
    private let queue = DispatchQueue(label: "test.client")
    private let session: QueueBound<WireSession>
    private let base: String
    private let bearer: String?

    init(_ access: ClusterAccess, bearer: String? = nil) {
        func bytes(_ source: PEMSource?) -> [UInt8]? {
            guard case .inline(let text)? = source else {
                return nil
            }
            return Array(text.revealed.utf8)
        }
        let settings = ConnectionSettings(
            caPEM: bytes(access.authority),
            clientCertificatePEM: bytes(access.credentials.certificate?.certificate),
            clientKeyPEM: bytes(access.credentials.certificate?.key)
        )
        session = QueueBound(WireSession(queue: queue, settings: settings), on: queue)
        base = access.server.description
        var token: String?
        if case .token(let secret)? = access.credentials.bearer {
            token = secret.revealed
        }
        self.bearer = bearer ?? token
    }

    deinit {
        let session = session
        queue.async { session.value.shutdown() }
    }

    func send(
        _ method: String,
        _ target: String,
        type: String = "application/json",
        body: String? = nil
    ) async throws -> (Int, [UInt8]) {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { [session, base, bearer] in
                var headers = [(name: "Accept", value: "application/json")]
                if let bearer {
                    headers.append((name: "Authorization", value: "Bearer \(bearer)"))
                }
                if body != nil {
                    headers.append((name: "Content-Type", value: type))
                }
                let exchange = HTTPExchange(
                    method: method,
                    url: base + target,
                    headers: headers,
                    body: body.map { Array($0.utf8) }
                )
                session.value.collect(exchange) { result in
                    continuation.resume(
                        with: result.map { ($0.head.status, $0.body) }.mapError { $0 as any Error }
                    )
                }
            }
        }
    }

    /// All Flux objects of the cluster, or of one namespace, by reference.
    func fluxObjects(_ cluster: ClusterID, namespace: String? = nil) async throws -> [ObjectRef: FluxResource]
    {
        var objects: [ObjectRef: FluxResource] = [:]
        for kind in FluxKind.all {
            for version in ["v1", "v2", "v1beta3", "v1beta1"] {
                let resource = ServedResource(
                    group: kind.group,
                    version: version,
                    kind: kind.kind,
                    plural: kind.plural
                )
                let (code, body) = try await send("GET", resource.path(namespace: namespace))
                guard code == 200 else {
                    continue
                }
                let reader = AnswerReader<FluxResource>(cluster: cluster, kind: kind, version: version)
                for item in try reader.page(body).items {
                    objects[item.ref] = item
                }
                break
            }
        }
        return objects
    }

    static let kustomizations = ServedResource(
        group: FluxKind.kustomizeGroup,
        version: "v1",
        kind: "Kustomization",
        plural: "kustomizations"
    )

    /// Makes a suspended Kustomization that no controller touches.
    @discardableResult
    func makeKustomization(_ name: String, namespace: String = "default") async throws -> Int {
        let body = """
            {"apiVersion":"kustomize.toolkit.fluxcd.io/v1","kind":"Kustomization",
             "metadata":{"name":"\(name)","namespace":"\(namespace)"},
             "spec":{"interval":"10m","prune":true,"suspend":true,"path":"./x",
                     "sourceRef":{"kind":"GitRepository","name":"none"}}}
            """
        return try await send("POST", APIClient.kustomizations.path(namespace: namespace), body: body).0
    }

    @discardableResult
    func delete(_ name: String, namespace: String = "default") async throws -> Int {
        try await send("DELETE", APIClient.kustomizations.path(namespace: namespace, name: name)).0
    }

    @discardableResult
    func patch(_ target: String, _ body: String) async throws -> Int {
        try await send("PATCH", target, type: "application/merge-patch+json", body: body).0
    }
}
