import Foundation
import NIOHTTP1
import ProgramTesting
import Testing

@testable import FleetSimulator

/// Faults: how they are read, whom they strike, and what a client sees of them.
@Suite(.serialized)
struct ServerFaultTests {
    @Test(arguments: [
        "down", "mute", "hang", "stall", "slow:800", "drip:50", "cut:300", "reset:10", "401",
        "403,namespace=apps-000",
        "429:5,only=list+watch,times=3", "500,times=1", "503:2", "initializing", "gone", "goaway", "garbage",
        "html", "http1",
        "wrong-certificate", "expired-certificate,only=list", "revoked:2",
        "skew:300", "end", "freeze", "backup", "restore",
    ])
    func `a fault reads as it is written`(_ text: String) throws {
        #expect(try Fault(parsing: text).description == text)
    }

    @Test(arguments: [
        "", "slow:soon", "tired", "500,times=0", "500,only=everything", "500,colour=blue", "500,times",
    ])
    func `a fault that makes no sense is refused`(_ text: String) {
        #expect(throws: Fault.Problem.self) { try Fault(parsing: text) }
    }

    @Test func `a fault strikes as often as it was told to, and only those it names`() throws {
        let board = FaultBoard()
        board.add(try Fault(parsing: "500,only=list,namespace=a,times=2"))
        #expect(board.strike(.watch, namespace: "a").isEmpty)
        #expect(board.strike(.list, namespace: "b").isEmpty)
        #expect(board.strike(.list, namespace: "a").count == 1)
        #expect(board.strike(.list, namespace: "a").count == 1)
        #expect(board.strike(.list, namespace: "a").isEmpty)
        #expect(board.active.isEmpty)
    }

    /// What curl makes of a fault: its exit status, the HTTP status, and a part of what it printed.
    struct Sight: Sendable, CustomTestStringConvertible {
        let fault: String
        let exit: Int32
        let code: Int
        let part: String
        var testDescription: String { fault }
    }

    @Test(
        .enabled(if: ServerTool.curl != nil),
        arguments: [
            Sight(fault: "down", exit: 7, code: 0, part: ""),
            Sight(fault: "mute", exit: 28, code: 0, part: ""),
            Sight(fault: "hang", exit: 28, code: 0, part: ""),
            Sight(fault: "stall", exit: 28, code: 200, part: ""),
            Sight(fault: "slow:100", exit: 0, code: 200, part: "\"gitVersion\""),
            Sight(fault: "drip:5000", exit: 0, code: 200, part: "\"platform\""),
            Sight(fault: "cut:40", exit: 18, code: 200, part: "{"),
            Sight(fault: "reset:40", exit: 56, code: 200, part: ""),
            Sight(fault: "401", exit: 0, code: 401, part: "Unauthorized"),
            Sight(fault: "403", exit: 0, code: 403, part: "cannot get path"),
            Sight(fault: "429:7", exit: 0, code: 429, part: "Too many requests"),
            Sight(fault: "500", exit: 0, code: 500, part: "Internal error"),
            Sight(fault: "503", exit: 0, code: 503, part: "service unavailable"),
            Sight(fault: "html", exit: 0, code: 502, part: "<html>"),
            Sight(fault: "garbage", exit: 0, code: 200, part: "<<<"),
            Sight(fault: "wrong-certificate", exit: 60, code: 0, part: ""),
            Sight(fault: "expired-certificate", exit: 60, code: 0, part: ""),
        ]
    )
    func `a client sees the fault, and nothing of it once it is cleared`(_ sight: Sight) async throws {
        let live = try ServerLiveCluster(named: "fault")
        live.server.add(try Fault(parsing: sight.fault))
        let options = ["--http1.1", "--max-time", "2", "--write-out", "%{http_code}"]
        func ask() async throws -> ServerTool.Result {
            try await ServerTool.run(ServerTool.curl ?? "", options + live.curlArguments("/version"))
        }
        let suffering = try await ask()
        #expect(suffering.status == sight.exit)
        #expect(suffering.output.hasSuffix(String(sight.code)) || sight.code == 0)
        #expect(sight.part.isEmpty || suffering.output.contains(sight.part))
        try live.server.clearFaults()
        let healthy = try await ask()
        #expect(healthy.status == 0)
        #expect(healthy.output.hasSuffix("200"))
    }

    @Test func `a server that has just started refuses lists and watches as the real one does`() throws {
        let exchange = try ServerWireExchange("347-watch-cache-initializing")
        let request = exchange.request(token: nil)
        let answer = try #require(FaultReaction([Fault(.initializing)], request: request).instead)
        #expect(answer.status == exchange.status)
        #expect(try answer.json == exchange.json)
        #expect(answer.headers.contains { $0.name == "Retry-After" && $0.value == "1" })
        let health = APIRequest(method: "GET", uri: "/readyz", headers: [:])
        #expect(FaultReaction([Fault(.initializing)], request: health).instead == nil)
    }

    @Test func `an overloaded server refuses in plain text`() throws {
        let exchange = try ServerWireExchange("592-max-in-flight")
        let fault = try Fault(parsing: "429")
        let answer = try #require(FaultReaction([fault], request: exchange.request(token: nil)).instead)
        #expect(answer.status == exchange.status)
        #expect(answer.contentType == exchange.responseHeaders.first(name: "Content-Type"))
        guard case .data(let text) = answer.body else { return }
        #expect(text == exchange.responseBody)
    }

    @Test(.enabled(if: ServerTool.curl != nil), .timeLimit(.minutes(3)))
    func `forgotten history ends a running watch with 410 and refuses the next`() async throws {
        let live = try ServerLiveCluster(named: "gone")
        let path = "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/apps-000/kustomizations"
        let query = "?watch=1&allowWatchBookmarks=true&timeoutSeconds=300"
        let watch = try ServerTool(ServerTool.curl ?? "", live.curlArguments(path + query))
        defer { watch.stop() }
        #expect(await watch.line { $0.contains("k8s.io/initial-events-end") } != nil)
        live.server.add(Fault(.gone))
        let last = await watch.line { _ in true }
        #expect(last?.hasPrefix(#"{"type":"ERROR""#) == true)
        #expect(last?.contains(#""reason":"Expired""#) == true)
        #expect(await watch.exitStatus == 0)
        let again = try await live.curl(path + query + "&resourceVersion=5")
        #expect(again.output.hasPrefix(#"{"type":"ERROR""#))
        #expect(try await live.curl(path).output.contains("auth-0044"))
    }
}
