import Foundation
import Testing

@testable import FleetSimulator

struct FluxValueTests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            String(repeating: "a", count: 1000),
            "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"
        ),
    ])
    func `digests are those of SHA-256`(text: String, digest: String) {
        #expect(ContentDigest.hex(text) == digest)
    }

    @Test(arguments: [
        ("1h0m0s", 3600.0, "1h0m0s"), ("90s", 90, "1m30s"), ("1.5h", 5400, "1h30m0s"),
        ("250ms", 0.25, "250ms"),
        ("2.818583s", 2.818583, "2.818583s"), ("12.03ms", 0.01203, "12.03ms"), ("0s", 0, "0s"),
        ("5µs", 5e-6, "5µs"),
        ("10m", 600, "10m0s"),
    ])
    func `durations are read and printed as Go does`(text: String, seconds: Double, printed: String) throws {
        let read = try #require(GoDuration.seconds(text))
        #expect(abs(read - seconds) < 1e-9)
        #expect(GoDuration.text(seconds) == printed)
    }

    @Test(arguments: ["", "x", "5", "5 s", "m5"])
    func `what is no duration is none`(text: String) {
        #expect(GoDuration.seconds(text) == nil)
    }

    @Test(arguments: [
        (">=1.0.0 <2.0.0", "1.9.3", true), (">=1.0.0 <2.0.0", "2.0.0", false), ("1.x", "1.4.0", true),
        ("1.x", "2.0.0", false), ("*", "9.9.9", true), ("~1.2", "1.2.9", true), ("~1.2", "1.3.0", false),
        ("^2.3.0", "2.9.0", true), ("^2.3.0", "2.2.0", false), ("1.15.0", "1.15.0", true),
        ("1.15.0", "1.15.1", false),
        ("1.x || 3.x", "3.1.0", true), (">= 1.0", "1.0.0", true), ("1.x", "1.5.0-rc.1", false),
        (">=1.0.0-0", "1.5.0-rc.1", true),
    ])
    func `version ranges contain what they say`(range: String, version: String, contains: Bool) throws {
        let range = try #require(VersionRange(range))
        #expect(range.contains(try #require(SemanticVersion(version))) == contains)
    }

    @Test func `versions are ordered by meaning`() throws {
        let versions = try ["1.10.0", "1.9.0", "v1.9.0-rc.1", "2.0"].map { try #require(SemanticVersion($0)) }
        #expect(versions.sorted().map(\.description) == ["1.9.0-rc.1", "1.9.0", "1.10.0", "2.0.0"])
        #expect(SemanticVersion("latest") == nil)
    }

    @Test(
        arguments: [
            ("nginx", "nginx", nil), ("nginx:1.27", "nginx", "1.27"), ("reg:5000/a/b", "reg:5000/a/b", nil),
            ("reg:5000/a/b:x@sha256:aa", "reg:5000/a/b", "x"),
        ] as [(String, String, String?)]
    )
    func `images are taken apart`(text: String, name: String, tag: String?) {
        #expect(ImageReference(text).name == name)
        #expect(ImageReference(text).tag == tag)
    }

    @Test func `history keeps one entry for each content and outcome`() {
        var history: [JSON] = []
        for (digest, outcome) in [
            ("a", "Failed"), ("a", "Succeeded"), ("b", "Succeeded"), ("a", "Succeeded"),
        ] {
            history = StatusHistory.adding(
                digest,
                outcome: outcome,
                duration: 1.5,
                metadata: ["revision": "r"],
                to: history
            )
        }
        #expect(history.map { $0["digest"]?.string } == ["a", "b", "a"])
        #expect(history.map { $0["totalReconciliations"]?.int } == [2, 1, 1])
        for number in 0..<9 {
            history = StatusHistory.adding("\(number)", outcome: "x", duration: 1, metadata: [:], to: history)
        }
        #expect(history.count == 5)
    }

    @Test func `the transition time of a condition moves with its message`() throws {
        var object: JSON = ["metadata": ["generation": 3]]
        SimulatedTime.at(.init(timeIntervalSince1970: 100)) {
            object.setCondition("Ready", "True", "A", "one")
        }
        SimulatedTime.at(.init(timeIntervalSince1970: 200)) {
            object.setCondition("Ready", "True", "A", "one")
        }
        #expect(object.condition("Ready")?["lastTransitionTime"] == "1970-01-01T00:01:40Z")
        SimulatedTime.at(.init(timeIntervalSince1970: 300)) {
            object.setCondition("Ready", "True", "A", "two")
        }
        #expect(object.condition("Ready")?["lastTransitionTime"] == "1970-01-01T00:05:00Z")
        #expect(object.condition("Ready")?["observedGeneration"] == 3)
        object.setCondition("Healthy", "True", "B", "")
        object.setCondition("Reconciling", "True", "C", "")
        let order = object[path: "status", "conditions"]?.array?.map { $0["type"]?.string }
        #expect(order == ["Reconciling", "Ready", "Healthy"])
    }

    @Test func `due times come out in order and the last setting counts`() {
        var due = DueTimes()
        let start = ContinuousClock.now
        let keys = (0..<20).map { ObjectKey(FluxKinds.kustomization, namespace: "a", name: "\($0)") }
        for (index, key) in keys.enumerated() { due.set(key, at: start + .seconds((index * 7) % 20)) }
        due.set(keys[0], at: start + .seconds(100))
        due.remove(keys[1])
        var taken: [ObjectKey] = []
        while let key = due.take(before: start + .seconds(50)) { taken.append(key) }
        let expected = keys.enumerated().dropFirst(2).sorted { ($0.offset * 7) % 20 < ($1.offset * 7) % 20 }
        #expect(taken == expected.map(\.element))
        #expect(due.next == start + .seconds(100))
    }
}
