import Dispatch
import Testing
import Wire

struct SessionTests {
    /// Sends `line\n` as a stream that stays open, and notes when the client leaves.
    private func watchServer(_ log: Log) -> LoopbackServer {
        LoopbackServer { peer in
            log.note("connected")
            _ = peer.readRequest()
            peer.beginChunks()
            peer.chunk("line\n")
            peer.waitForEnd()
            log.note("left")
        }
    }

    /// Answers every request of a connection.
    private func answerServer(_ log: Log) -> LoopbackServer {
        LoopbackServer { peer in
            log.note("connected")
            while case let request = peer.readRequest(), !request.isEmpty { peer.answer("ok") }
            log.note("left")
        }
    }

    @Test func `a connection is kept and used again`() async throws {
        let log = Log()
        let server = answerServer(log)
        let rig = Rig()
        for round in 0..<5 {
            let answer = try await rig.collect(.get(server.url)).get()
            #expect(answer.stats.reusedConnection == (round > 0))
            #expect(await rig.on(\.openConnections) == 1)
        }
        #expect(log.entries == ["connected"])
        await rig.shutdown()
        await log.reaches(1, of: "left")
        #expect(await rig.on(\.openConnections) == 0)
    }

    @Test func `a connection that the server closes is not counted`() async {
        let server = LoopbackServer { peer in
            _ = peer.readRequest()
            peer.answer("ok", headers: ["Connection: close"])
        }
        let rig = Rig()
        #expect(await rig.collect(.get(server.url)).text == "ok")
        #expect(await rig.on(\.openConnections) == 0)
        await rig.shutdown()
    }

    @Test func `five hundred short connections leave nothing open`() async {
        let log = Log()
        let server = LoopbackServer { peer in
            _ = peer.readRequest()
            peer.answer("ok", headers: ["Connection: close"])
            peer.waitForEnd()
            log.note("left")
        }
        let rig = Rig(ConnectionSettings(environment: ProxyEnvironment([:]), http1Only: true))
        for _ in 0..<20 {
            let answers = await rig.collect(Array(repeating: .get(server.url), count: 25))
            #expect(answers.allSatisfy { $0.text == "ok" })
        }
        // The server sees the end of a connection when the last descriptor of it is closed here.
        await log.reaches(500, of: "left")
        #expect(await rig.on(\.openConnections) == 0)
        await rig.shutdown()
    }

    @Test(arguments: [false, true])
    func `streams over HTTP/1.1 take a connection each`(http1Only: Bool) async {
        let log = Log()
        let server = watchServer(log)
        let rig = Rig(ConnectionSettings(environment: ProxyEnvironment([:]), http1Only: http1Only))
        let watches = (0..<8).map { _ in rig.follow(.stream(server.url)) }
        for watch in watches {
            #expect(await watch.next() == .head(200))
            #expect(await watch.text(5) == "line\n")
        }
        #expect(await rig.on(\.openConnections) == 8)
        await rig.shutdown()
        for watch in watches { #expect(await watch.next() == .end(.cancelled)) }
        await log.reaches(8, of: "left")
    }

    @Test(arguments: ["head", "body"])
    func `an exchange cancelled in its own callback says nothing more`(place: String) async {
        let left = Log()
        let heard = Log()
        let server = watchServer(left)
        let rig = Rig()
        await rig.on { session in
            var id: TransferID?
            let stop = { (event: String) in
                heard.note(event)
                if event == place, let id { rig.session.value.cancel(id) }
            }
            id = session.start(.stream(server.url)) { _ in
                stop("head")
            } onBody: { _ in
                stop("body")
            } onEnd: { _ in
                stop("end")
            }
        }
        await left.reaches(1, of: "left")
        #expect(await rig.on(\.openConnections) == 0)
        #expect(heard.entries == (place == "head" ? ["head"] : ["head", "body"]))
        await rig.shutdown()
        #expect(heard.count("end") == 0)
    }

    @Test func `an exchange can be cancelled before, while and after it runs`() async {
        let log = Log()
        let server = watchServer(log)
        let rig = Rig()
        let told = Log()
        let start: @Sendable (WireSession, String) -> TransferID = { session, url in
            session.start(.stream(url), onHead: { _ in }, onBody: { _ in told.note("body") }) { _ in
                told.note("end")
            }
        }
        // At once, also when it could not even be started.
        await rig.on { session in
            session.cancel(start(session, server.url))
            session.cancel(start(session, "nonsense"))
        }
        let id = await rig.on { start($0, server.url) }
        await told.reaches(1, of: "body")
        await rig.on { $0.cancel(id) }
        await log.reaches(1, of: "left")
        await rig.on { $0.cancel(id) }
        await rig.shutdown()
        await rig.on { $0.cancel(id) }
        #expect(told.entries == ["body"])
        #expect(log.entries == ["connected", "left"])
    }

    @Test func `one callback may cancel another exchange and start a third`() async {
        let log = Log()
        let server = watchServer(log)
        let rig = Rig()
        let told = Log()
        let first = await rig.on { session in
            session.start(.stream(server.url), onHead: { _ in told.note("first") }, onBody: { _ in }) { _ in
                told.note("first ended")
            }
        }
        await told.reaches(1, of: "first")
        await rig.on { session in
            session.start(.stream(server.url)) { _ in
            } onBody: { _ in
                let session = rig.session.value
                session.cancel(first)
                session.start(.stream(server.url), onHead: { _ in told.note("third") }, onBody: { _ in }) {
                    _ in
                }
            } onEnd: { _ in
            }
        }
        await told.reaches(1, of: "third")
        await log.reaches(1, of: "left")
        #expect(await rig.on(\.openConnections) == 2)
        await rig.shutdown()
        #expect(told.entries == ["first", "third"])
    }

    @Test func `an end may start the next, a thousand times`() async {
        let server = answerServer(Log())
        let rig = Rig()
        let answers = Log()
        @Sendable func next(_ left: Int) {
            rig.session.value.collect(.get(server.url)) { answer in
                answers.note(answer.text ?? "failed")
                if left > 1 { next(left - 1) }
            }
        }
        await rig.on { _ in next(1000) }
        await answers.reaches(1000, of: "ok")
        #expect(await rig.on(\.openConnections) == 1)
        await rig.shutdown()
    }

    @Test func `cancelling the one that connects lets those that wait go on`() async {
        let log = Log()
        let server = LoopbackServer { peer in
            log.note("connected")
            if log.count("connected") == 1 { return peer.waitForEnd() }
            _ = peer.read(1)
            peer.send("no TLS here, but an answer\r\n")
            peer.waitForEnd()
        }
        let rig = Rig()
        var patient = HTTPExchange.get("https://127.0.0.1:\(server.port)/")
        // The cancelled one must not end by itself first, however slow the machine is.
        patient.timeouts.connect = .seconds(600)
        let exchange = patient
        let scout = await rig.on { session in session.collect(exchange) { _ in log.note("never") } }
        await log.reaches(1, of: "connected")
        async let waiting = rig.failure(exchange)
        await rig.on { $0.cancel(scout) }
        #expect(await waiting?.kind == .tls(.notTLS))
        #expect(log.entries == ["connected", "connected"])
        await rig.shutdown()
    }

    @Test func `a shutdown ends what is under way and closes every descriptor`() async {
        let log = Log()
        let server = watchServer(log)
        let rig = Rig()
        let watches = (0..<3).map { _ in rig.follow(.stream(server.url)) }
        for watch in watches { #expect(await watch.next() == .head(200)) }
        await rig.shutdown()
        log.note("shut down")
        for watch in watches { #expect(await watch.rest().end == .end(.cancelled)) }
        await log.reaches(3, of: "left")
        await rig.shutdown()
        #expect(await rig.failure(.get(server.url))?.kind == .cancelled)
    }

    @Test func `a shutdown in a callback waits for libcurl`() async {
        let log = Log()
        let server = watchServer(log)
        let rig = Rig()
        let told = Log()
        await rig.on { session in
            session.start(.stream(server.url)) { _ in
            } onBody: { _ in
                rig.session.value.shutdown { told.note("shut down") }
                told.note("body")
            } onEnd: { result in
                told.note(
                    result == .failure(WireFailure(kind: .cancelled, message: "The connection was given up."))
                        ? "cancelled" : "other"
                )
            }
        }
        await told.reaches(1, of: "shut down")
        #expect(told.entries == ["body", "cancelled", "shut down"])
        await log.reaches(1, of: "left")
    }

    @Test func `a reset goes on with new connections and new settings`() async {
        let log = Log()
        let server = LoopbackServer { peer in
            let agent = peer.readRequest().split(separator: "\r\n").first { $0.hasPrefix("User-Agent: ") }
            log.note(String(agent ?? "none"))
            peer.beginChunks()
            peer.chunk("line\n")
            peer.waitForEnd()
            log.note("left")
        }
        let rig = Rig()
        let told = Log()
        await rig.on { session in
            session.start(.stream(server.url)) { _ in
            } onBody: { _ in
                let session = rig.session.value
                var settings = ConnectionSettings.direct
                settings.userAgent = "weir-renewed"
                session.reset(settings: settings)
                // Asked for after the reset, so not hit by it.
                session.start(.stream(server.url), onHead: { _ in told.note("head") }, onBody: { _ in }) {
                    _ in
                }
            } onEnd: { result in
                if case .failure(let failure) = result, failure.kind == .cancelled { told.note("cancelled") }
                rig.session.value.start(
                    .stream(server.url),
                    onHead: { _ in told.note("head") },
                    onBody: { _ in }
                ) { _ in }
            }
        }
        await told.reaches(2, of: "head")
        await log.reaches(1, of: "left")
        #expect(told.count("cancelled") == 1)
        #expect(log.count("User-Agent: weir-tests") == 1)
        #expect(log.count("User-Agent: weir-renewed") == 2)
        #expect(await rig.on(\.openConnections) == 2)
        await rig.shutdown()
    }

    @Test func `a session used off its queue stops the program`() async {
        await #expect(processExitsWith: .failure) {
            let queue = DispatchQueue(label: "weir.test.wire")
            _ = WireSession(queue: queue, settings: .direct).openConnections
        }
        await #expect(processExitsWith: .failure) {
            _ = QueueBound(1, on: DispatchQueue(label: "weir.test.wire")).value
        }
    }
}
