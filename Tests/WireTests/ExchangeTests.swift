import Testing
import Wire

struct ExchangeTests {
    @Test func `an answer arrives with status, headers, version and body`() async throws {
        let server = LoopbackServer { peer in
            _ = peer.readRequest()
            peer.answer(
                "hello",
                status: "404 Not Found",
                headers: ["X-Kind:  a: b ", "X-KIND: c", "X-Empty:"]
            )
        }
        let rig = Rig()
        let answer = try await rig.collect(.get(server.url + "/a")).get()
        #expect(answer.head.status == 404)
        #expect(answer.head.httpVersion == "1.1")
        #expect(answer.head.headers.filter { $0.name == "x-kind" }.map(\.value) == ["a: b", "c"])
        #expect(answer.head["x-empty"] == "")
        #expect(answer.head["x-missing"] == nil)
        #expect(answer.body == Array("hello".utf8))
        #expect(answer.stats.receivedBytes == 5)
        #expect(!answer.stats.reusedConnection)
        #expect(answer.stats.remoteAddress == "127.0.0.1")
        #expect(answer.stats.total >= answer.stats.connected)
        await rig.shutdown()
    }

    @Test func `the request says what it was told and nothing that gives curl away`() async throws {
        let server = LoopbackServer { peer in peer.answer(peer.readRequest()) }
        let rig = Rig()
        let exchange = HTTPExchange(
            url: server.url + "/k8s/../apis/x%2Fy?watch=1&a=%20",
            headers: [
                ("Accept", "application/json"), ("Impersonate-Group", "a"), ("Impersonate-Group", "b"),
                ("X", ""),
            ]
        )
        let text = try #require(await rig.collect(exchange).text)
        #expect(
            text == """
                GET /k8s/../apis/x%2Fy?watch=1&a=%20 HTTP/1.1\r
                Host: 127.0.0.1:\(server.port)\r
                User-Agent: weir-tests\r
                Accept: application/json\r
                Impersonate-Group: a\r
                Impersonate-Group: b\r
                X:\r
                \r

                """
        )
        await rig.shutdown()
    }

    @Test(arguments: ["POST", "PUT", "PATCH", "DELETE"])
    func `a body is sent with its method and its own type`(method: String) async throws {
        let server = LoopbackServer { peer in peer.answer(peer.readRequest()) }
        let rig = Rig()
        // Above a mebibyte libcurl would ask first whether it may send the body.
        let body = String(repeating: "x\u{0}y", count: 500_000)
        let exchange = HTTPExchange(
            method: method,
            url: server.url,
            headers: [("Content-Type", "application/merge-patch+json")],
            body: Array(body.utf8)
        )
        let text = try #require(await rig.collect([exchange]).first?.text)
        #expect(text.hasPrefix("\(method) / HTTP/1.1\r\n"))
        #expect(text.contains("\r\nContent-Type: application/merge-patch+json\r\n"))
        #expect(text.contains("\r\nContent-Length: 1500000\r\n"))
        #expect(!text.contains("Expect"))
        #expect(text.hasSuffix("\r\n\r\n" + body))
        await rig.shutdown()
    }

    @Test func `HEAD has no body to wait for`() async throws {
        let server = LoopbackServer { peer in
            _ = peer.readRequest()
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
            peer.waitForEnd()
        }
        let rig = Rig()
        let answer = try await rig.collect(HTTPExchange(method: "HEAD", url: server.url)).get()
        #expect(answer.body.isEmpty)
        #expect(answer.head["content-length"] == "100")
        await rig.shutdown()
    }

    @Test func `a redirect is an answer, not an order`() async throws {
        let server = LoopbackServer { peer in
            _ = peer.readRequest()
            peer.answer("", status: "302 Found", headers: ["Location: http://127.0.0.1:1/"])
        }
        let rig = Rig()
        #expect(try await rig.collect(.get(server.url)).get().head.status == 302)
        await rig.shutdown()
    }

    @Test func `interim answers and trailers are left out`() async throws {
        let server = LoopbackServer { peer in
            _ = peer.readRequest()
            peer.send(
                "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
            peer.send("2\r\nok\r\n0\r\nX-Trailer: late\r\n\r\n")
        }
        let rig = Rig()
        let watch = rig.follow(.stream(server.url))
        #expect(await watch.next() == .head(200))
        #expect(await watch.rest() == ("ok", .end(nil)))
        await rig.shutdown()
    }

    @Test func `a stream is delivered as it comes, cut anywhere`() async {
        let text = (0..<40).map { "{\"type\":\"ADDED\",\"object\":{\"n\":\($0),\"ü\":\"€\"}}\n" }.joined()
        let server = LoopbackServer { peer in
            _ = peer.readRequest()
            peer.beginChunks()
            // Chunks of a byte, of two, of three…: through lines, characters and escapes.
            var rest = Array(text.utf8)[...]
            var size = 1
            while !rest.isEmpty {
                let piece = rest.prefix(size)
                peer.send(Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + Array("\r\n".utf8))
                rest = rest.dropFirst(size)
                size += 1
            }
            peer.chunk("")
        }
        let rig = Rig()
        let answers = await rig.collect([.stream(server.url), .stream(server.url)])
        #expect(answers.map(\.text) == [text, text])
        await rig.shutdown()
    }

    @Test func `the first line of a stream does not wait for the second`() async {
        let (requests, heard) = AsyncStream.makeStream(of: Peer.self)
        let server = LoopbackServer { peer in
            _ = peer.readRequest()
            peer.beginChunks()
            heard.yield(peer)
        }
        let rig = Rig()
        let watch = rig.follow(.stream(server.url))
        #expect(await watch.next() == .head(200))
        var peers = requests.makeAsyncIterator()
        let peer = await peers.next()
        for line in ["one\n", "two\n"] {
            peer?.chunk(line)
            #expect(await watch.text(line.utf8.count) == line)
        }
        peer?.chunk("")
        #expect(await watch.next() == .end(nil))
        await rig.shutdown()
    }

    @Test func `gzip is asked for, and unpacked, only where it was allowed`() async throws {
        // printf 'weir weir weir weir' | gzip -9n
        let packed: [UInt8] = [
            0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 3, 0x2B, 0x4F, 0xCD, 0x2C, 0x52, 0x28, 0x47, 0x21, 0, 0x0A, 0x24,
            3,
            0xCE, 0x13, 0, 0, 0,
        ]
        let server = LoopbackServer { peer in
            let request = peer.readRequest()
            guard request.contains("\r\nAccept-Encoding: gzip\r\n") else { return peer.answer("plain") }
            peer.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(packed.count)\r\n\r\n")
            peer.send(packed)
        }
        let rig = Rig()
        var exchange = HTTPExchange.get(server.url)
        #expect(await rig.collect(exchange).text == "plain")
        exchange.acceptGzip = true
        let answer = await rig.collect(exchange)
        #expect(answer.text == "weir weir weir weir")
        #expect(try answer.get().stats.receivedBytes == packed.count)
        exchange.streaming = true
        #expect(await rig.collect(exchange).text == "plain")
        await rig.shutdown()
    }

    @Test func `a collected body has a limit`() async {
        let server = LoopbackServer { peer in
            _ = peer.readRequest()
            peer.answer(String(repeating: "x", count: 100_000))
        }
        let rig = Rig()
        #expect(await rig.collect(.get(server.url), limit: 100_000).text?.count == 100_000)
        guard case .failure(let failure) = await rig.collect(.get(server.url), limit: 99_999) else {
            Issue.record("too much was taken")
            return
        }
        #expect(failure.kind == .tooLarge)
        await rig.shutdown()
    }

    @Test(arguments: [(1, 200_000), (3000, 60)])
    func `a head without measure is refused`(count: Int, length: Int) async {
        let server = LoopbackServer { peer in
            _ = peer.readRequest()
            let header = "X-Long: \(String(repeating: "x", count: length))\r\n"
            peer.send("HTTP/1.1 200 OK\r\n" + String(repeating: header, count: count) + "\r\n")
            peer.waitForEnd()
        }
        let rig = Rig()
        #expect(await rig.failure(.get(server.url))?.kind == .tooLarge)
        await rig.shutdown()
    }

    @Test func `a head of sixty thousand bytes is taken`() async throws {
        let value = String(repeating: "x", count: 60_000)
        let server = LoopbackServer { peer in
            _ = peer.readRequest()
            peer.answer("", headers: ["X-Long: \(value)"])
        }
        let rig = Rig()
        #expect(try await rig.collect(.get(server.url)).get().head["x-long"] == value)
        await rig.shutdown()
    }

    @Test(arguments: ["a\r\nX-Evil: 1", "token\n", "a\u{0}b"])
    func `a line break in a header is not sent, and not shown`(value: String) async {
        let server = LoopbackServer { peer in peer.answer(peer.readRequest()) }
        let rig = Rig()
        let failure = await rig.failure(HTTPExchange(url: server.url, headers: [("Authorization", value)]))
        #expect(failure?.kind == .other)
        #expect(failure?.message == "The header Authorization has a line break in it.")
        await rig.shutdown()
    }

    @Test(arguments: ["", "not a url", "ftp://127.0.0.1/x", "http://127.0.0.1:99999/"])
    func `an address that leads nowhere fails without a connection`(url: String) async {
        let rig = Rig()
        #expect(await rig.failure(.get(url))?.kind == .other)
        #expect(await rig.on(\.openConnections) == 0)
        await rig.shutdown()
    }
}
