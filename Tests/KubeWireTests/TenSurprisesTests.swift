import Foundation
import Kube
import KubeWire
import Testing

/// The ten things that surprise in the recordings of a real server, one by one: what weir does about each.
struct TenSurprisesTests {
    private func watching(from version: String) -> WatchMachine {
        var machine = WatchMachine(seed: 1)
        _ = machine.started()
        _ = machine.pageArrived(version: version, next: nil)
        _ = machine.watchOpened()
        return machine
    }

    private func lines(_ name: String) throws -> [[UInt8]] {
        var splitter = LineSplitter()
        var lines: [[UInt8]] = []
        for chunk in try Recording(name: name).chunks {
            lines += try splitter.append(chunk)
        }
        return lines
    }

    @Test func `1: a watch from a version of the future is silent, so the server's version is looked at`()
        throws
    {
        #expect(try lines("313-watch-future").isEmpty)
        var machine = watching(from: "9999999")
        #expect(machine.silenceLasted().plain.suffix(1) == ["probe"])
        let answer = machine.probeAnswered(version: "1045", recognised: true)
        #expect(answer.plain.contains("list first"))
    }

    @Test func `2: a version too old is an ERROR line in a watch and 410 for a list, and both begin a list`()
        throws
    {
        let reader = AnswerReader<FluxResource>(cluster: prod, kind: .kustomization, version: "v1")
        for name in ["309-watch-too-old", "310-watch-too-old-events"] {
            #expect(try Recording(name: name).meta.status == 200)
            guard case .error(let status) = try reader.event(try #require(try lines(name).first)) else {
                Issue.record("expected an error")
                return
            }
            var machine = watching(from: "1")
            #expect(machine.refused(status, inStream: true).plain.last == "list first")
        }
        for name in ["209-continue-expired", "211-list-exact-expired"] {
            var machine = WatchMachine(seed: 1)
            _ = machine.started()
            _ = machine.pageArrived(version: "1", next: "t")
            #expect(machine.refused(try Recording(name: name).status).plain.last == "list first")
        }
    }

    @Test func `3: lines are not chunks: some are cut, some come together, one is 125 kB`() throws {
        let recording = Recording(name: "321-watchlist-metadata")
        let chunks = try recording.chunks
        #expect(chunks.contains { $0.last != UInt8(ascii: "\n") })
        let whole = try recording.body.split(separator: UInt8(ascii: "\n")).map { Array($0) }
        #expect(try lines(recording.name) == whole)
        #expect(try lines("326-watch-large-object").map(\.count).max() ?? 0 > 120_000)
    }

    @Test
    func `4: bookmarks come once a minute, never on events, so only their absence elsewhere is silence`()
        throws
    {
        let events = AnswerReader<DecodedEvent>(cluster: prod)
        #expect(
            try lines("307-events-watch-no-bookmarks").allSatisfy { line in
                if case .bookmark = try events.event(line) { false } else { true }
            }
        )
        #expect(watching(from: "1").silenceLimit == .seconds(90))
        var machine = WatchMachine(sendsBookmarks: false, seed: 1)
        _ = machine.started()
        _ = machine.pageArrived(version: "1", next: nil)
        _ = machine.watchOpened()
        let limit = try #require(machine.silenceLimit)
        #expect(limit > .seconds(290))
    }

    @Test func `5: a lost token is 403 for system:anonymous, and reads as unauthenticated`() throws {
        for name in ["503-no-credentials", "504-empty-bearer", "505-basic-authentication"] {
            let status = try Recording(name: name).status
            #expect(status.code == 403 && status.isUnauthenticated && !status.isForbidden)
        }
        // A certificate beats even a wrong token.
        #expect(try Recording(name: "557-bad-token-and-certificate").meta.status < 300)
    }

    @Test func `6: text and JSON tell two kinds of 404 apart, and errors come in many forms`() throws {
        #expect(try Recording(name: "561-unknown-resource").status.isUnknownKind)
        #expect(try !Recording(name: "564-missing-object").status.isUnknownKind)
        for name in ["590-priority-and-fairness", "116-aggregated-api-unavailable"] {
            let status = try Recording(name: name).status
            #expect(!status.isStatus && !status.message.isEmpty)
        }
        for name in [
            "255-metadata-list-as-object", "567-missing-object-metadata-only", "262-not-acceptable-protobuf",
        ] {
            #expect(try !Recording(name: name).status.message.isEmpty)
        }
    }

    @Test func `7: nobody's name stands on a removal, and an entry may have no time`() throws {
        let reader = AnswerReader<ObjectMetadata>(cluster: prod)
        for name in ["602-deployment-kubectl-scale", "611-deployment-kubectl-field-removed"] {
            let object = try #require(reader.object(try Recording(name: name).body))
            #expect(!object.name.isEmpty && !object.uid.isEmpty)
        }
    }

    @Test func `8: the same requestedAt changes nothing, so every request has a token of its own`() throws {
        let before = Recording(name: "401-reconcile-request")
        let after = Recording(name: "402-reconcile-request-again")
        let reader = AnswerReader<ObjectMetadata>(cluster: prod)
        let versions = try [before, after].map { try #require(reader.object(try $0.body)).resourceVersion }
        #expect(versions[0] == versions[1])
        let requests = ["t1", "t2"].map {
            KubeRequest.reconcile(kustomizations, namespace: "a", name: "b", token: $0, force: false)
        }
        #expect(requests[0] != requests[1])
    }

    @Test func `9: 409 has three meanings, told apart by reason and causes`() throws {
        let statuses = try [
            "415-resource-version-conflict", "434-ssa-conflict", "441-create-exists",
        ].map { try Recording(name: $0).status }
        #expect(statuses.allSatisfy { $0.code == 409 })
        #expect(Set(statuses.map { "\($0.reason) \($0.causes.first ?? "")" }).count == 3)
    }

    @Test func `10: a continue token goes back to the very list that it came from, without a version`() throws
    {
        let first = KubeRequest.list(kustomizations, namespace: "apps")
        let next = KubeRequest.list(kustomizations, namespace: "apps", page: "token")
        #expect(next.path == first.path)
        #expect(next.query.filter { $0.name != "continue" } == first.query)
        #expect(!next.query.contains { $0.name.hasPrefix("resourceVersion") })
        // A misspelt namespace is an empty list, not an error.
        #expect(try page("228-list-unknown-namespace").items.isEmpty)
    }
}
