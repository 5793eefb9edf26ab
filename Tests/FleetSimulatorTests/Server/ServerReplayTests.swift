import Foundation
import NIOHTTP1
import Testing

@testable import FleetSimulator

/// Recorded requests put to a simulated cluster: its answers must be those of the real one.
struct ServerReplayTests {
    /// A recorded exchange and what has to be known to repeat it.
    struct Case: Sendable, CustomTestStringConvertible {
        let folder: String
        var user = "admin"
        /// Paths whose keys may differ: they depend on the day of the recording.
        var free: Set<String> = []

        init(_ folder: String, as user: String = "admin", free: Set<String> = []) {
            self.folder = folder
            self.user = user
            self.free = free
        }

        var testDescription: String { folder }
    }

    private func body(_ answer: APIAnswer) throws -> Data {
        guard case .data(let data) = answer.body else { return Data() }
        return data
    }

    private func expectHead(_ answer: APIAnswer, _ exchange: ServerWireExchange) {
        #expect(answer.status == exchange.status)
        #expect(answer.contentType == exchange.responseHeaders.first(name: "Content-Type"))
        let sent = answer.wireHeaders(flow: FlowMarks(), lengthLimit: 2_048, isLast: false)
        for name in ["Cache-Control", "X-Content-Type-Options", "Retry-After", "Vary"] {
            #expect(sent.first(name: name) == exchange.responseHeaders.first(name: name), "header \(name)")
        }
        #expect(sent["Warning"] == exchange.responseHeaders["Warning"])
    }

    @Test(arguments: [
        Case("204-continue-garbage"), Case("206-continue-with-match"), Case("215-match-without-rv"),
        Case("216-match-exact-rv0"), Case("217-match-unknown"), Case("218-rv-garbage"),
        Case("222-label-selector-bad"),
        Case("224-field-selector-unsupported"), Case("225-field-selector-bad"), Case("229-limit-garbage"),
        Case("246-events-field-selector-bad"), Case("255-metadata-list-as-object"),
        Case("256-metadata-object-as-list"), Case("260-not-acceptable"), Case("261-not-acceptable-cbor"),
        Case("314-watch-rv-garbage"), Case("320-watchlist-no-match"), Case("412-wrong-content-type"),
        Case("413-no-content-type"), Case("414-strategic-merge-on-custom-resource"),
        Case("415-resource-version-conflict"), Case("416-uid-mismatch"), Case("418-patch-bad-json"),
        Case("419-patch-invalid-value"), Case("420-patch-required-removed"), Case("425-patch-missing-object"),
        Case("426-field-manager-too-long"), Case("427-force-without-apply"), Case("428-dry-run-bad-value"),
        Case("429-json-patch-test-failed"), Case("430-annotation-on-nil-map-json-patch"),
        Case("436-ssa-no-field-manager"), Case("439-ssa-dry-run-missing-namespace"),
        Case("441-create-exists"),
        Case("442-immutable-field"), Case("443-ssa-typo"), Case("445-delete-missing"),
        Case("501-bad-token", as: "unknown"), Case("502-bad-token-watch", as: "unknown"),
        Case("503-no-credentials"),
        Case("504-empty-bearer", as: ""), Case("505-basic-authentication", as: ""),
        Case("506-list-forbidden", as: "nobody"), Case("507-watch-forbidden", as: "nobody"),
        Case("508-get-forbidden", as: "nobody"), Case("509-get-missing-forbidden", as: "nobody"),
        Case("510-list-tenant-cluster-wide", as: "tenant"),
        Case("512-list-tenant-other-namespace", as: "tenant"),
        Case("513-namespaces-tenant", as: "tenant"), Case("514-patch-forbidden", as: "viewer"),
        Case("515-patch-forbidden-tenant", as: "tenant"), Case("516-secrets-forbidden", as: "viewer"),
        Case("517-dry-run-forbidden", as: "viewer"), Case("518-path-forbidden", as: "nobody"),
        Case("520-unknown-resource-forbidden", as: "nobody"), Case("521-discovery-no-credentials"),
        Case("536-ssar-anonymous"), Case("537-ssar-invalid"), Case("544-ssrr-no-namespace"),
        Case("552-whoami-anonymous"), Case("554-impersonate-forbidden", as: "viewer"),
        Case("555-impersonate-group-without-user"), Case("564-missing-object"),
        Case("565-missing-core-object"),
        Case("566-missing-namespaced-object"), Case("567-missing-object-metadata-only"),
        Case("570-post-to-object"),
        Case("571-put-to-collection"), Case("572-patch-missing-status-subresource"),
        Case("573-method-not-allowed"), Case("574-method-unknown"), Case("582-long-query"),
    ])
    func `a refusal has the very words of the real server`(_ replay: Case) throws {
        let exchange = try ServerWireExchange(replay.folder)
        // An empty user leaves the recorded credentials as they are.
        let recorded = try ServerRecordedCluster.shared.get()
        let token = replay.user.isEmpty ? nil : recorded.token(replay.user)
        let answer = recorded.api.answer(exchange.request(token: token))
        expectHead(answer, exchange)
        let text = try body(answer)
        #expect(try JSON(parsing: text) == exchange.json)
        #expect(text.contains(UInt8(ascii: "\n")) == exchange.responseBody.contains(UInt8(ascii: "\n")))
    }

    @Test(arguments: [
        "560-unknown-path", "561-unknown-resource", "562-unknown-group", "563-old-version",
        "114-group-version-unknown", "332-watch-unknown-resource", "102-readyz", "101-version",
    ])
    func `an answer in plain text is the same text`(_ folder: String) throws {
        let exchange = try ServerWireExchange(folder)
        let answer = try ServerRecordedCluster.shared.get().answer(exchange)
        expectHead(answer, exchange)
        #expect(try body(answer) == exchange.responseBody)
    }
}
