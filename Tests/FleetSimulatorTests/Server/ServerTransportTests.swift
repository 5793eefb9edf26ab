import Foundation
import ProgramTesting
import Testing

@testable import FleetSimulator

/// What only shows on the wire: both HTTP versions, TLS, chunks, compression and the life of a watch.
@Suite(.serialized, .enabled(if: ServerTool.curl != nil, "there is no curl: set WEIR_CURL to one"))
struct ServerTransportTests {
    private static let kustomizations =
        "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/apps-000/kustomizations"
    private static let versions = ["--http1.1", "--http2"]

    private func touch(_ live: ServerLiveCluster, _ text: String) throws {
        let key = try live.recorded.key(
            "kustomize.toolkit.fluxcd.io",
            "kustomizations",
            "apps-000",
            "auth-0044"
        )
        _ = try live.recorded.store.mergePatch(
            key,
            ["metadata": ["annotations": ["example.com/note": .string(text)]]],
            options: WriteOptions(fieldManager: "test")
        )
    }

    @Test(arguments: zip(versions, ["1.1", "2"]))
    func `a list comes whole over either version`(_ option: String, _ version: String) async throws {
        let live = try ServerLiveCluster(named: "list")
        let result = try await live.curl(
            Self.kustomizations,
            option,
            "--write-out",
            "\n%{http_version} %{http_code}"
        )
        #expect(result.output.hasSuffix("\n\(version) 200"))
        let body = result.output.split(separator: "\n").first ?? ""
        #expect(try JSON(parsing: Data(body.utf8))["items"]?.array?.count == 5)
    }

    @Test(.timeLimit(.minutes(3)), arguments: versions)
    func `a watch delivers changes when they happen`(_ option: String) async throws {
        let live = try ServerLiveCluster(named: "watch")
        let path = Self.kustomizations + "?watch=1&allowWatchBookmarks=true"
        let watch = try ServerTool(ServerTool.curl ?? "", [option] + live.curlArguments(path))
        defer { watch.stop() }
        // Without a version all objects come first, and a bookmark ends them.
        #expect(await watch.line { $0.contains("k8s.io/initial-events-end") } != nil)
        try touch(live, "first")
        try touch(live, "second")
        #expect(await watch.line { $0.hasPrefix(#"{"type":"MODIFIED""#) && $0.contains("first") } != nil)
        #expect(await watch.line { $0.hasPrefix(#"{"type":"MODIFIED""#) && $0.contains("second") } != nil)
    }

    @Test(.timeLimit(.minutes(3)), arguments: versions)
    func `a watch ends in good order when its time is up`(_ option: String) async throws {
        let live = try ServerLiveCluster(named: "time")
        let path = Self.kustomizations + "?watch=1&allowWatchBookmarks=true&timeoutSeconds=1"
        let result = try await live.curl(path, option)
        #expect(result.status == 0)
        #expect(result.output.contains("k8s.io/initial-events-end"))
    }

    @Test(.timeLimit(.minutes(3)), arguments: versions)
    func `a line that is cut ends the connection, and the client can resume`(_ option: String) async throws {
        let live = try ServerLiveCluster(named: "cut")
        let path = Self.kustomizations + "?watch=1&allowWatchBookmarks=true&timeoutSeconds=300"
        let watch = try ServerTool(ServerTool.curl ?? "", [option] + live.curlArguments(path))
        defer { watch.stop() }
        #expect(await watch.line { $0.contains("k8s.io/initial-events-end") } != nil)
        live.server.add(Fault(.cut(100), times: 1))
        try touch(live, "never whole")
        #expect(await watch.line { $0.contains("never whole") } == nil)
        // 18: part of the body; 92: the stream was not closed cleanly; 56: the connection broke.
        let status = await watch.exitStatus
        #expect([18, 92, 56].contains(status))
        #expect(live.server.faults.active.isEmpty)
        #expect(try await live.curl(Self.kustomizations, option).status == 0)
    }

    @Test(.timeLimit(.minutes(3)))
    func `one connection carries many watches and lists`() async throws {
        let live = try ServerLiveCluster(named: "multiplex")
        let url = live.recorded.cluster.url + Self.kustomizations
        let lists = Array(repeating: url + "?limit=1", count: 20)
        let result = try await ServerTool.run(
            ServerTool.curl ?? "",
            ["--http2", "--parallel", "--output", "/dev/null"] + live.curlArguments(Self.kustomizations)
                + lists
        )
        #expect(result.status == 0, "\(result.errors)")
        let counts = live.server.counters.snapshot
        #expect(counts.classes[.list] == 21)
        #expect(counts.connectionsAccepted <= 21)
        #expect(counts.http2Connections == counts.connectionsAccepted)
    }

    @Test func `a large list is packed for those who say so`() async throws {
        let live = try ServerLiveCluster(named: "gzip")
        let path = "/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations"
        let plain = try await live.curl(path, "--include")
        #expect(!plain.output.lowercased().contains("content-encoding"))
        let packed = try await live.curl(
            path,
            "--include",
            "--header",
            "Accept-Encoding: gzip",
            "--compressed"
        )
        #expect(packed.output.lowercased().contains("content-encoding: gzip"))
        let half = try await live.curl(path, "--include", "--header", "Accept-Encoding: gzip;q=0.5")
        #expect(!half.output.lowercased().contains("content-encoding"))
        func body(_ text: String) -> Substring? { text.split(separator: "\r\n\r\n").last }
        #expect(body(plain.output) == body(packed.output))
    }

    @Test func `plain HTTP on the TLS port gets the answer of a real server`() async throws {
        let live = try ServerLiveCluster(named: "plain")
        let url = "http://127.0.0.1:\(live.server.port)/version"
        let result = try await ServerTool.run(ServerTool.curl ?? "", ["--silent", "--http0.9", url])
        let recorded = try ServerWireExchange("580-plain-http-to-tls-port")
        #expect(result.output.hasSuffix(String(decoding: recorded.responseBody, as: UTF8.self)))
    }

    @Test func `a client certificate counts for more than a token`() async throws {
        let live = try ServerLiveCluster(named: "certificate")
        let key = try live.recorded.cluster.authority.clientKey(user: "jane", groups: ["platform"])
        let pair = live.directory + "/jane.pem"
        try Data((key.certificatePEM + "\n" + key.privateKeyPEM).utf8).write(to: URL(filePath: pair))
        let review = #"{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}"#
        let path = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
        let result = try await live.curl(
            path,
            "--cert",
            pair,
            "--header",
            "Content-Type: application/json",
            "--data",
            review
        )
        let user = try JSON(parsing: Data(result.output.utf8))[path: "status", "userInfo"]
        #expect(user?["username"] == "jane")
        #expect(user?["groups"] == ["platform", "system:authenticated"])
    }

    @Test func `nobody but its own authority vouches for a certificate`() async throws {
        let live = try ServerLiveCluster(named: "stranger")
        let stranger = try CertificateAuthority(name: "recorded-ca").clientKey(
            user: "admin",
            groups: [UserIdentity.mastersGroup]
        )
        let pair = live.directory + "/stranger.pem"
        try Data((stranger.certificatePEM + "\n" + stranger.privateKeyPEM).utf8).write(
            to: URL(filePath: pair)
        )
        let arguments = [
            "--silent", "--cacert", live.directory + "/ca.crt", "--cert", pair,
            live.recorded.cluster.url + "/api",
        ]
        let result = try await ServerTool.run(ServerTool.curl ?? "", arguments)
        #expect(result.output.contains("Unauthorized"))
    }

    @Test func `a body above 3 MiB is refused`() async throws {
        let live = try ServerLiveCluster(named: "large")
        let file = live.directory + "/large.json"
        let text =
            #"{"metadata":{"annotations":{"example.com/a":""# + String(repeating: "x", count: 3 << 20)
            + "\"}}}"
        try Data(text.utf8).write(to: URL(filePath: file))
        let result = try await live.curl(
            Self.kustomizations + "/auth-0044",
            "--request",
            "PATCH",
            "--header",
            "Content-Type: application/merge-patch+json",
            "--data-binary",
            "@\(file)",
            "--write-out",
            "%{http_code}"
        )
        #expect(result.output.hasSuffix("413"))
        #expect(
            try JSON(parsing: Data(result.output.dropLast(3).utf8))
                == ServerWireExchange("583-body-too-large").json
        )
    }
}
