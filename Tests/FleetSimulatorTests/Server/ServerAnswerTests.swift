import Foundation
import NIOHTTP1
import Testing

@testable import FleetSimulator

/// Answers that succeed: their shape must be that of the recorded ones.
struct ServerAnswerTests {
    /// What depends on the day of the recording in every object and list.
    private static let always: Set<String> = [
        "metadata.remainingItemCount", "metadata.continue", "metadata.managedFields", "metadata.annotations",
    ]

    private func compare(_ folder: String, free: Set<String> = [], uri: String? = nil, body: Data? = nil)
        throws
    {
        let exchange = try ServerWireExchange(folder)
        let answer = try ServerRecordedCluster.shared.get().answer(exchange, uri: uri, body: body)
        #expect(answer.status == exchange.status)
        #expect(answer.contentType == exchange.responseHeaders.first(name: "Content-Type"))
        let differences = ServerShape.differences(
            try answer.json,
            try exchange.json,
            free: Self.always.union(free)
        )
        #expect(differences.isEmpty, "\(differences)")
    }

    @Test(arguments: [
        "105-api-legacy", "106-apis-legacy", "107-apis-aggregated", "110-api-aggregated",
        "111-apis-aggregated-unknown-version", "112-kustomize-v1", "113-kustomize-group",
        "519-discovery-without-rights",
    ])
    func `discovery has the recorded shape`(_ folder: String) throws {
        // The first resource of a version depends on which kinds the cluster has.
        try compare(
            folder,
            free: [
                "items[].versions[].resources[].subresources", "items[].versions[].resources[].shortNames",
                "items[].versions[].resources[].categories", "resources[].shortNames",
            ]
        )
    }

    @Test func `the kinds of Flux are described in the recorded words`() throws {
        let exchange = try ServerWireExchange("107-apis-aggregated")
        let answer = try ServerRecordedCluster.shared.get().answer(exchange)
        func resource(_ list: JSON, _ group: String, _ plural: String) -> JSON? {
            let entry = list["items"]?.array?.first { $0[path: "metadata", "name"]?.string == group }
            return entry?["versions"]?[0]?["resources"]?.array?.first { $0["resource"]?.string == plural }
        }
        let (sent, recorded) = (try answer.json, try exchange.json)
        for (group, plural) in [
            ("kustomize.toolkit.fluxcd.io", "kustomizations"),
            ("source.toolkit.fluxcd.io", "gitrepositories"),
            ("helm.toolkit.fluxcd.io", "helmreleases"), ("apps", "deployments"),
            ("fluxcd.controlplane.io", "fluxreports"),
        ] {
            #expect(resource(sent, group, plural) == resource(recorded, group, plural))
        }
    }

    @Test func `discovery that is known already is not sent again`() throws {
        let recorded = try ServerRecordedCluster.shared.get()
        let first = recorded.answer(try ServerWireExchange("107-apis-aggregated"))
        let tag = try #require(first.headers.first { $0.name == "Etag" }?.value)
        let exchange = try ServerWireExchange("109-apis-aggregated-not-modified")
        var headers = exchange.headers
        headers.replaceOrAdd(name: "Authorization", value: "Bearer \(recorded.token("admin"))")
        headers.replaceOrAdd(name: "If-None-Match", value: tag)
        let again = recorded.api.answer(APIRequest(method: "GET", uri: "/apis", headers: headers))
        #expect(again.status == 304)
        let sent = again.wireHeaders(flow: FlowMarks(), lengthLimit: 2_048, isLast: false)
        for name in ["Content-Type", "Content-Length"] { #expect(sent.first(name: name) == nil) }
        #expect(sent.first(name: "Etag") == tag)
    }

    @Test(arguments: [
        "201-list-page-1", "226-empty-list", "227-empty-list-core", "228-list-unknown-namespace",
        "230-limit-negative", "231-unknown-query-parameter", "223-field-selector", "249-list-alerts",
        "251-list-namespaces", "252-metadata-list-deployments", "253-metadata-list-configmaps", "257-table",
        "258-table-no-object", "259-table-object", "263-accept-any", "268-pretty-user-agent",
        "269-pretty-parameter",
    ])
    func `a list has the recorded shape`(_ folder: String) throws {
        let details: Set<String> = [
            "metadata.managedFields", "metadata.annotations", "metadata.labels", "spec", "status",
        ]
        var free = Set(details.map { "items[].\($0)" })
        free.formUnion(details.map { "rows[].object.\($0)" })
        free.formUnion(["items[].metadata.finalizers", "rows[].object.metadata.finalizers"])
        try compare(folder, free: free)
    }

    @Test(arguments: [
        "232-get-kustomization-ready", "233-get-kustomization-failing", "234-get-kustomization-progressing",
        "254-metadata-object", "401-reconcile-request", "404-resume-null", "405-patch-no-change",
        "406-patch-dry-run", "409-patch-metadata-only-answer", "423-unknown-field-ignore",
        "431-ssa-dry-run-clean",
        "437-ssa-yaml-body", "438-ssa-dry-run-missing", "440-dry-run-create", "444-delete-dry-run",
        "446-patch-status-subresource",
    ])
    func `an object has the recorded shape`(_ folder: String) throws {
        try compare(folder, free: ["status", "metadata.labels"])
    }

    @Test(arguments: [
        "421-unknown-field-warning", "424-duplicate-key-warning", "448-deprecated-field-warning",
    ])
    func `a doubtful write is remarked upon`(_ folder: String) throws {
        let exchange = try ServerWireExchange(folder)
        let answer = try ServerRecordedCluster.shared.get().answer(exchange)
        #expect(answer.status == exchange.status)
        let sent = answer.wireHeaders(flow: FlowMarks(), lengthLimit: 2_048, isLast: false)["Warning"]
        #expect(Set(sent) == Set(exchange.responseHeaders["Warning"]))
    }

    @Test func `YAML comes to those who ask for it`() throws {
        let exchange = try ServerWireExchange("264-accept-yaml")
        let answer = try ServerRecordedCluster.shared.get().answer(exchange)
        #expect(answer.contentType == "application/yaml")
        guard case .data(let data) = answer.body else { return }
        let sent = try #require(try JSON.fromYAML(String(decoding: data, as: UTF8.self)).first)
        let recorded = try #require(
            try JSON.fromYAML(String(decoding: exchange.responseBody, as: UTF8.self)).first
        )
        #expect(sent["spec"] == recorded["spec"])
        #expect(sent["status"] == recorded["status"])
    }

    @Test func `the scale of a workload can be read and written`() throws {
        let recorded = try ServerRecordedCluster()
        let path = "/apis/apps/v1/namespaces/apps-001/deployments/database-0045/scale"
        let headers: HTTPHeaders = [
            "Authorization": "Bearer \(recorded.token("admin"))", "User-Agent": "kubectl/v1",
            "Content-Type": "application/merge-patch+json",
        ]
        let before = try recorded.api.answer(APIRequest(method: "GET", uri: path, headers: headers)).json
        #expect(before["kind"] == "Scale")
        #expect(before[path: "spec", "replicas"] == 2)
        #expect(before[path: "status", "selector"] == "app.kubernetes.io/name=database-0045")
        let patch = Data(#"{"spec":{"replicas":5}}"#.utf8)
        let after = recorded.api.answer(APIRequest(method: "PATCH", uri: path, headers: headers, body: patch))
        #expect(try after.json[path: "spec", "replicas"] == 5)
        let stored = try recorded.store.get(recorded.key("apps", "deployments", "apps-001", "database-0045"))
        #expect(stored[path: "spec", "replicas"] == 5)
    }

    @Test(arguments: ["219-rv-too-large", "220-get-rv-too-large"])
    func `a version of the future is waited for, then refused`(_ folder: String) throws {
        let exchange = try ServerWireExchange(folder)
        let answer = try ServerRecordedCluster.shared.get().answer(exchange)
        #expect(answer.status == 504)
        #expect(answer.delay == 3_000)
        let (sent, recorded) = (try answer.json, try exchange.json)
        #expect(sent["details"] == recorded["details"])
        #expect(sent["reason"] == recorded["reason"])
        let words = "Timeout: Too large resource version: 9999999, current: "
        #expect(sent["message"]?.string?.hasPrefix(words) == true)
    }
}

extension APIAnswer {
    /// The body as JSON.
    var json: JSON {
        get throws {
            guard case .data(let data) = body else { return .null }
            return try JSON(parsing: data)
        }
    }
}

extension JSON {
    /// The value as text, to compare without regard to where it stands.
    var text: String { String(decoding: encoded(), as: UTF8.self) }
}
