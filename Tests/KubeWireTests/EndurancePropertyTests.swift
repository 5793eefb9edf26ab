import Chrono
import Foundation
import Kube
import KubeWire
import Testing

/// What holds for any recorded stream, however it is cut, and for any bytes at all.
struct EndurancePropertyTests {
    static let streams = Recording.all(301...802).filter { recording in
        (try? recording.request.query["watch"]) == "1" && (try? recording.meta.status) == 200
    }

    /// What a reader makes of a stream, event by event.
    private func told(_ body: [UInt8], cuts: [Int]) throws -> [String] {
        let reader = AnswerReader<ObjectMetadata>(cluster: prod)
        var splitter = LineSplitter()
        var told: [String] = []
        var start = 0
        for end in cuts.sorted() + [body.count] where end >= start {
            for line in try splitter.append(body[start..<end]) {
                switch Result(catching: { try reader.event(line) }) {
                case .success(.changed(let item)): told.append("changed \(item.name) \(item.resourceVersion)")
                case .success(.removed(let item)): told.append("removed \(item.name) \(item.resourceVersion)")
                case .success(.bookmark(let version)): told.append("bookmark \(version)")
                case .success(.error(let status)): told.append("error \(status.code) \(status.reason)")
                case .failure: told.append("unreadable")
                }
            }
            start = end
        }
        return told
    }

    @Test func `the streams of all kinds are found`() {
        #expect(Self.streams.count >= 30)
    }

    @Test(arguments: streams)
    func `any chunking of a recorded stream gives the same events`(recording: Recording) throws {
        let body = try recording.body
        let whole = try told(body, cuts: [])
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<10 {
            let cuts = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                Int.random(in: 0...body.count, using: &random)
            }
            #expect(try told(body, cuts: cuts) == whole, "seed \(seed)")
        }
        if body.count < 20_000 {
            #expect(try told(body, cuts: Array(0..<body.count)) == whole)
        }
    }

    /// Every decoder of the room; that none of them ends the process is the test.
    private func decode(_ bytes: [UInt8]) -> Int {
        var read = 0
        func count(_ isRead: Bool) { read += isRead ? 1 : 0 }
        let resources = AnswerReader<FluxResource>(cluster: prod, kind: .helmRelease, version: "v2")
        let events = AnswerReader<DecodedEvent>(cluster: prod)
        let metadata = AnswerReader<ObjectMetadata>(cluster: prod)
        count((try? resources.page(bytes)) != nil)
        count((try? resources.event(bytes)) != nil)
        count((try? events.page(bytes)) != nil)
        count((try? metadata.event(bytes)) != nil)
        count((try? Discovery.decode(bytes)) != nil)
        count((try? Discovery.decode(bytes, of: GroupVersionName(group: "g", version: "v1"))) != nil)
        count(!KubeStatus.decode(code: 500, body: bytes).message.isEmpty)
        count(ServerVersion.decode(bytes) != nil)
        count(AccessReview.decode(bytes) != nil)
        count(SelfReview.decode(bytes) != nil)
        count(RulesReview.decode(bytes) != nil)
        count(ObjectText.lines(bytes) != nil)
        let text = String(decoding: bytes, as: UTF8.self)
        count(HTTPDate.parse(text) != nil)
        count(CredentialLifetime.end(ofToken: Secret(text)) != nil)
        count(CredentialLifetime.end(ofCertificate: bytes) != nil)
        return read
    }

    @Test func `random bytes never end the process`() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<300 {
            let bytes = (0..<Int.random(in: 0...300, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            #expect(decode(bytes) >= 1, "seed \(seed)")
        }
    }

    @Test(arguments: Recording.all(101...599).filter { ((try? $0.body.count) ?? .max) < 6_000 })
    func `damaged answers never end the process`(recording: Recording) throws {
        let body = try recording.body
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<5 where !body.isEmpty {
            var bytes = body
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
                    in: 0...255,
                    using: &random
                )
            }
            bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
            #expect(decode(bytes) >= 1, "seed \(seed)")
        }
    }

    @Test func `a certificate cut or changed anywhere never ends the process`() throws {
        let yaml = String(decoding: try Fixture.bytes("kubeconfig/04-cert-data.yaml"), as: UTF8.self)
        let marker = try #require(yaml.range(of: "client-certificate-data: "))
        let data = yaml[marker.upperBound...].prefix { !$0.isWhitespace }
        let pem = try #require(Data(base64Encoded: String(data)))
        let whole = [UInt8](pem)
        #expect(CredentialLifetime.end(ofCertificate: whole) != nil)
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<500 {
            var bytes = whole
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
            _ = CredentialLifetime.end(ofCertificate: bytes)
        }
        #expect(CredentialLifetime.end(ofCertificate: Array(whole.prefix(40))) == nil, "seed \(seed)")
    }
}
