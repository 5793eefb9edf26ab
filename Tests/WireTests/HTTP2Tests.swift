import Foundation
import Glibc
import Testing
import Wire

@Suite(.enabled(if: Program.nghttpd != nil && Certificates.made != nil, "needs nghttpd and openssl"))
struct HTTP2Tests {
    private let certificates: Certificates
    private let program: Program
    private let port: Int
    private let settings: ConnectionSettings

    init() async throws {
        certificates = try #require(Certificates.made)
        port = LoopbackServer.freePort()
        let big = certificates.path("big")
        if !FileManager.default.fileExists(atPath: big) {
            try String(repeating: "0123456789abcde\n", count: 65_536).write(
                toFile: big,
                atomically: true,
                encoding: .utf8
            )
        }
        program = try Program(
            try #require(Program.nghttpd),
            [
                "-v", "-a", "127.0.0.1", "-d", URL(fileURLWithPath: big).deletingLastPathComponent().path,
                "--echo-upload", String(port), certificates.path("server.key"),
                certificates.path("server.crt"),
            ]
        )
        _ = await program.line("IPv4: listen 127.0.0.1:")
        var settings = ConnectionSettings.direct
        settings.caPEM = certificates.pem("ca.crt")
        self.settings = settings
    }

    private func url(_ path: String) -> String { "https://127.0.0.1:\(port)\(path)" }

    @Test func `a hundred exchanges at once share one connection`() async throws {
        let rig = Rig(settings)
        let answers = await rig.collect(Array(repeating: .get(url("/big")), count: 100))
        for answer in answers {
            let answer = try answer.get()
            #expect(answer.head.status == 200)
            #expect(answer.head.httpVersion == "2")
            #expect(answer.body.count == 1 << 20)
        }
        #expect(answers.filter { (try? $0.get().stats.reusedConnection) == false }.count == 1)
        #expect(await rig.on(\.openConnections) == 1)
        await rig.shutdown()
    }

    @Test func `more streams than a connection may have take a second one`() async throws {
        // Without an end in sight.
        _ = FileManager.default.createFile(atPath: certificates.path("endless"), contents: nil)
        try #require(truncate(certificates.path("endless"), 1 << 40) == 0)
        let rig = Rig(settings)
        let heads = Log()
        let url = url("/endless")
        await rig.on { session in
            for _ in 0..<150 {
                session.start(.stream(url), onHead: { _ in heads.note("head") }, onBody: { _ in }) { _ in
                    heads.note("end")
                }
            }
        }
        await heads.reaches(150, of: "head")
        #expect(heads.count("end") == 0)
        #expect(await rig.on(\.openConnections) == 2)
        await rig.shutdown()
        #expect(heads.count("end") == 150)
    }

    @Test func `a cancelled stream leaves its connection to the others`() async {
        let rig = Rig(settings)
        let url = url("/big")
        let log = Log()
        await rig.on { session in
            for number in 0..<12 {
                var received = 0
                var id: TransferID?
                id = session.start(.stream(url)) { _ in
                } onBody: { piece in
                    received += piece.count
                    // Every other one is stopped in its own callback.
                    if number.isMultiple(of: 2), let id { rig.session.value.cancel(id) }
                } onEnd: { result in
                    log.note((try? result.get()) == nil || received != 1 << 20 ? "failed" : "complete")
                }
            }
        }
        await log.reaches(6, of: "complete")
        #expect(await rig.on(\.openConnections) == 1)
        await rig.shutdown()
        #expect(log.entries.count == 6)
    }

    @Test func `a server that dies ends every stream on it`() async {
        let rig = Rig(settings)
        let watches = (0..<12).map { _ in rig.follow(.stream(url("/big"))) }
        for watch in watches { #expect(await watch.next() == .head(200)) }
        program.end()
        for watch in watches {
            // A stream that was complete before is no mistake.
            let (text, end) = await watch.rest()
            #expect(end == .end(.cut) || text.utf8.count == 1 << 20)
        }
        #expect(await rig.failure(.get(url("/big")))?.kind == .refused)
        #expect(await rig.on(\.openConnections) == 0)
        await rig.shutdown()
    }

    @Test func `a body goes out and a Host header becomes the authority`() async throws {
        var settings = settings
        settings.serverName = "api.prod.example.internal"
        let rig = Rig(settings)
        let body = Array(String(repeating: "{}\n", count: 100_000).utf8)
        let answer = try await rig.collect(HTTPExchange(method: "PUT", url: url("/big"), body: body)).get()
        #expect(answer.head.status == 200)
        #expect(answer.body.elementsEqual(body))
        let log = program.output.entries.joined(separator: "\n")
        #expect(log.contains(":method: PUT"))
        #expect(log.contains(":authority: 127.0.0.1:\(port)"))
        await rig.shutdown()
    }

    @Test func `HTTP/1.1 alone is offered where asked for`() async {
        var settings = settings
        settings.http1Only = true
        let rig = Rig(settings)
        // nghttpd speaks nothing but HTTP/2.
        #expect(await rig.failure(.get(url("/big"))) != nil)
        await rig.shutdown()
    }
}
