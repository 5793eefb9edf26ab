import Testing
import Wire

/// What goes wrong between here and the server, and what is said about it.
struct FaultTests {
    private let short = WireTimeouts(total: .milliseconds(150))

    @Test func `a port on which nobody listens refuses`() async {
        let rig = Rig()
        await LoopbackServer.withClosedPort { port in
            let failure = await rig.failure(.get("http://127.0.0.1:\(port)/"))
            #expect(failure?.kind == .refused)
            #expect(failure?.message == "127.0.0.1:\(port) refused the connection.")
            #expect(failure?.summary == "connection refused")
        }
        #expect(await rig.on(\.openConnections) == 0)
        await rig.shutdown()
    }

    @Test func `a name without an address is named`() async {
        let rig = Rig()
        // Too long for any name server to be asked.
        let name = String(repeating: "x", count: 64) + ".invalid"
        let failures = await rig.collect([.get("http://\(name)/"), .get("http://\(name)/")])
        for failure in failures {
            guard case .failure(let failure) = failure else { continue }
            #expect(failure.kind == .resolve)
            #expect(failure.message == "No address was found for \(name).")
        }
        #expect(failures.allSatisfy { $0.text == nil })
        await rig.shutdown()
    }

    @Test func `a server that never answers is given up`() async {
        let server = LoopbackServer { peer in
            _ = peer.readRequest()
            peer.waitForEnd()
        }
        let rig = Rig()
        let failure = await rig.failure(
            HTTPExchange(url: server.url, timeouts: WireTimeouts(total: .seconds(2)))
        )
        #expect(failure?.kind == .timeout)
        #expect(failure?.message == "No answer from 127.0.0.1:\(server.port) within 2 s.")
        await rig.shutdown()
    }

    @Test func `a server that stops in the middle is given up`() async {
        let server = LoopbackServer { peer in
            _ = peer.readRequest()
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
            peer.waitForEnd()
        }
        let rig = Rig()
        let limit = WireTimeouts(total: .seconds(2))
        let failure = await rig.failure(HTTPExchange(url: server.url, timeouts: limit))
        #expect(failure?.kind == .timeout)
        #expect(failure?.message == "No complete answer from 127.0.0.1:\(server.port) within 2 s.")
        await rig.shutdown()
    }

    @Test func `a quiet stream outlives every total timeout`() async {
        let quiet = Log()
        let server = LoopbackServer { peer in
            let isStream = peer.readRequest().hasPrefix("GET /watch ")
            guard isStream else { return peer.waitForEnd() }
            peer.beginChunks()
            peer.waitForEnd()
            quiet.note("the client left")
        }
        let rig = Rig()
        var watch = HTTPExchange.stream(server.url + "/watch")
        watch.timeouts = short
        let watching = rig.follow(watch)
        #expect(await watching.next() == .head(200))
        // The same limits, begun later, run out first.
        #expect(await rig.failure(HTTPExchange(url: server.url, timeouts: short))?.kind == .timeout)
        #expect(quiet.entries.isEmpty)
        await rig.shutdown()
        #expect(await watching.next() == .end(.cancelled))
    }

    @Test func `a line cut in the middle is delivered, and the cut is told`() async {
        let server = LoopbackServer { peer in
            _ = peer.readRequest()
            peer.beginChunks()
            peer.send("ff\r\n{\"type\":\"ADDED\",\"obj")
        }
        let rig = Rig()
        let watch = rig.follow(.stream(server.url))
        #expect(await watch.next() == .head(200))
        #expect(await watch.rest() == ("{\"type\":\"ADDED\",\"obj", .end(.cut)))
        await rig.shutdown()
    }

    @Test func `a reset is a cut`() async {
        let (peers, heard) = AsyncStream.makeStream(of: Peer.self)
        let server = LoopbackServer { peer in
            _ = peer.readRequest()
            peer.beginChunks()
            peer.chunk("line\n")
            heard.yield(peer)
            heard.finish()
        }
        let rig = Rig()
        let watch = rig.follow(.stream(server.url))
        #expect(await watch.next() == .head(200))
        #expect(await watch.text(5) == "line\n")
        for await peer in peers { peer.reset() }
        #expect(await watch.next() == .end(.cut))
        await rig.shutdown()
    }

    @Test func `a connection closed instead of an answer is a cut`() async {
        let server = LoopbackServer { peer in _ = peer.readRequest() }
        let rig = Rig()
        let failure = await rig.failure(.get(server.url))
        #expect(failure?.kind == .cut)
        #expect(failure?.message == "The connection to 127.0.0.1:\(server.port) was lost before the answer.")
        await rig.shutdown()
    }

    @Test(arguments: [
        "SSH-2.0-OpenSSH_9.2\r\n", "\u{15}\u{3}\u{1}\u{0}\u{2}\u{2}", "HTTP/1.1 two hundred\r\n\r\n",
    ])
    func `what is no HTTP answer is a failure`(greeting: String) async {
        let server = LoopbackServer { peer in
            _ = peer.readRequest()
            peer.send(greeting)
        }
        let rig = Rig()
        #expect(await rig.failure(.get(server.url))?.kind == .other)
        await rig.shutdown()
    }

    @Test func `a server that speaks plain HTTP is no TLS server`() async {
        let server = LoopbackServer { peer in
            _ = peer.read(1)
            peer.send("HTTP/1.1 400 Bad Request\r\n\r\n")
            peer.waitForEnd()
        }
        let rig = Rig()
        let failure = await rig.failure(.get("https://127.0.0.1:\(server.port)/"))
        #expect(failure?.kind == .tls(.notTLS))
        #expect(failure?.message == "127.0.0.1:\(server.port) does not speak TLS.")
        await rig.shutdown()
    }

    @Test func `all that wait for a connection fail with the one that makes it`() async {
        let log = Log()
        let server = LoopbackServer { peer in
            log.note("connection")
            peer.waitForEnd()
        }
        let rig = Rig()
        let exchange = HTTPExchange(
            url: "https://127.0.0.1:\(server.port)/",
            timeouts: WireTimeouts(connect: .milliseconds(150))
        )
        let answers = await rig.collect(Array(repeating: exchange, count: 12))
        let failures = answers.compactMap { answer in
            if case .failure(let failure) = answer { failure } else { nil }
        }
        #expect(failures.count == 12)
        for failure in failures {
            #expect(failure.kind == .timeout)
            #expect(failure.message == "No connection to 127.0.0.1:\(server.port) within 150 ms.")
        }
        await log.reaches(1, of: "connection")
        await rig.shutdown()
        #expect(log.entries == ["connection"])
    }

    /// Answers the first request, drops the connection at the second, and answers again on the next.
    private func forgetfulServer(_ log: Log) -> LoopbackServer {
        LoopbackServer { peer in
            log.note("connection")
            while case let request = peer.readRequest(), !request.isEmpty {
                log.note(String(request.prefix { $0 != " " }))
                if log.entries.count == 3 { return }
                peer.answer("ok")
            }
        }
    }

    @Test func `reading again what a kept connection dropped goes unnoticed`() async throws {
        let log = Log()
        let server = forgetfulServer(log)
        let rig = Rig()
        #expect(await rig.collect(.get(server.url)).text == "ok")
        #expect(await rig.collect(.get(server.url)).text == "ok")
        #expect(log.entries == ["connection", "GET", "GET", "connection", "GET"])
        await rig.shutdown()
    }

    @Test(arguments: ["POST", "PATCH", "DELETE"])
    func `a change that a kept connection dropped is not made twice`(method: String) async {
        let log = Log()
        let server = forgetfulServer(log)
        let rig = Rig()
        #expect(await rig.collect(.get(server.url)).text == "ok")
        let body = method == "DELETE" ? nil : Array("{}".utf8)
        let failure = await rig.failure(HTTPExchange(method: method, url: server.url, body: body))
        #expect(failure?.kind == .cut)
        #expect(
            failure?.message
                == "The connection to 127.0.0.1:\(server.port) was lost, and \(method) is not sent twice."
        )
        #expect(log.count(method) == 1)
        await rig.shutdown()
    }
}
