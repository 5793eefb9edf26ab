import Foundation
import NIOHTTP1
import Testing

@testable import FleetSimulator

/// Reading requests and cutting answers.
struct ServerRequestTests {
    @Test(arguments: [
        (
            "/api/v1/pods",
            ResourceAddress(
                group: "",
                version: "v1",
                namespace: nil,
                resource: "pods",
                name: nil,
                subresource: nil
            )
        ),
        (
            "/api/v1/namespaces/a",
            ResourceAddress(
                group: "",
                version: "v1",
                namespace: "a",
                resource: "namespaces",
                name: "a",
                subresource: nil
            )
        ),
        (
            "/api/v1/namespaces/a/status",
            ResourceAddress(
                group: "",
                version: "v1",
                namespace: "a",
                resource: "namespaces",
                name: "a",
                subresource: "status"
            )
        ),
        (
            "/api/v1/namespaces/a/pods/b/log",
            ResourceAddress(
                group: "",
                version: "v1",
                namespace: "a",
                resource: "pods",
                name: "b",
                subresource: "log"
            )
        ),
        (
            "/apis/apps/v1/namespaces/a/deployments/b%20c",
            ResourceAddress(
                group: "apps",
                version: "v1",
                namespace: "a",
                resource: "deployments",
                name: "b c",
                subresource: nil
            )
        ),
    ])
    func `a path leads to a resource`(_ path: String, _ address: ResourceAddress) {
        #expect(RequestTarget(path: path) == .resource(address))
    }

    @Test(arguments: ["/api", "/api/v1", "/apis", "/apis/apps", "/apis/apps/v1", "/version", "/"])
    func `a path outside of the resources stays a path`(_ path: String) {
        #expect(RequestTarget(path: path) == .path(path))
    }

    @Test(arguments: [
        ("GET", "/api/v1/pods", "list"), ("GET", "/api/v1/pods?watch=1", "watch"),
        ("GET", "/api/v1/namespaces/a/pods/b", "get"),
        ("DELETE", "/api/v1/namespaces/a/pods", "deletecollection"),
        ("PUT", "/api/v1/namespaces/a/pods/b", "update"), ("GET", "/version", "get"),
    ])
    func `a method is a verb of rights`(_ method: String, _ uri: String, _ verb: String) {
        #expect(APIRequest(method: method, uri: uri, headers: [:]).verb == verb)
    }

    @Test func `a selector of one name is a question about that name`() {
        let request = APIRequest(
            method: "GET",
            uri: "/api/v1/namespaces/a/pods?fieldSelector=metadata.name%3Db",
            headers: [:]
        )
        guard case .resource(_, _, _, let name) = request.accessQuestion.object else {
            Issue.record("no resource")
            return
        }
        #expect(name == "b")
    }

    @Test(
        arguments: [
            (nil, Representation.Form.whole), ("*/*", .whole), ("application/json", .whole),
            ("application/json;as=Table;g=meta.k8s.io;v=v1,application/json", .table),
            ("application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1", .partialMetadata),
            ("application/json;as=Table;g=meta.k8s.io;v=v9,application/json", .whole),
            ("application/vnd.kubernetes.protobuf, application/json", .whole),
            ("application/json;q=0.5, application/json;as=Table;g=meta.k8s.io;v=v1", .table),
        ] as [(String?, Representation.Form)]
    )
    func `the best form on offer is taken`(_ accept: String?, _ form: Representation.Form) {
        #expect(Representation(accept: accept)?.form == form)
    }

    @Test(arguments: ["text/html", "application/cbor", "application/json;as=Chart;g=meta.k8s.io;v=v1"])
    func `nothing on offer is not acceptable`(_ accept: String) {
        #expect(Representation(accept: accept) == nil)
    }

    @Test func `a body longer than the buffer is cut where the buffer ends`() {
        var cutter = ChunkCutter()
        #expect(cutter.write(Data(count: 3_000)).map(\.count) == [3_000])
        #expect(cutter.flush() == nil)
        #expect(cutter.write(Data(count: 1_500)).isEmpty)
        #expect(cutter.write(Data(count: 1_500)).map(\.count) == [2_048])
        #expect(cutter.write(Data(count: 2_000)).map(\.count) == [2_048])
        #expect(cutter.flush()?.count == 904)
    }

    @Test(arguments: [("gzip", true), ("br, gzip", true), ("gzip;q=1", false), ("deflate", false)])
    func `only the bare word asks for compression`(_ header: String, _ accepted: Bool) {
        #expect(Gzip.isAccepted(by: header) == accepted)
    }

    @Test func `a token of an unknown scheme is no token`() throws {
        let recorded = try ServerRecordedCluster.shared.get()
        let authentication = recorded.api.authentication
        for field in ["Bearer", "Bearer ", "Basic abc", "Token \(recorded.token("admin"))"] {
            guard
                case .known(let user) = authentication.outcome(
                    headers: ["Authorization": field],
                    certificate: nil
                )
            else {
                Issue.record("\(field) was refused")
                continue
            }
            #expect(user == .anonymous)
        }
    }
}
