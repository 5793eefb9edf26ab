import Chrono
import Foundation
import Kube
import KubeWire
import Testing

struct CredentialLifetimeTests {
    private func token(_ payload: String) -> Secret {
        let text = Data(payload.utf8).base64EncodedString()
            .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
        return Secret("eyJhbGciOiJSUzI1NiJ9.\(text).c2ln")
    }

    @Test(arguments: [
        (#"{"exp":1790000000}"#, 1_790_000_000 as Int64?),
        (#"{"iss":"x","exp":1790000000,"sub":"ä?>"}"#, 1_790_000_000),
        (#"{"iss":"x"}"#, nil), ("[]", nil), (#"{"exp":"soon"}"#, nil),
    ])
    func `a web token says when it ends`(payload: String, seconds: Int64?) {
        #expect(CredentialLifetime.end(ofToken: token(payload))?.seconds == seconds)
    }

    @Test(arguments: ["", "plain", "a.b", "a.b.c", "..", "sim.prod-eu.admin.1"])
    func `other tokens say nothing`(text: String) {
        #expect(CredentialLifetime.end(ofToken: Secret(text)) == nil)
    }

    @Test func `a certificate says when it ends`() throws {
        let yaml = String(decoding: try Fixture.bytes("kubeconfig/04-cert-data.yaml"), as: UTF8.self)
        let marker = try #require(yaml.range(of: "certificate-authority-data: "))
        let data = yaml[marker.upperBound...].prefix { !$0.isWhitespace }
        let pem = try #require(Data(base64Encoded: String(data)))
        #expect(CredentialLifetime.end(ofCertificate: [UInt8](pem))?.day == "2036-11-19")
    }

    @Test(arguments: [
        ("Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z" as String?),
        ("Mon, 23 Nov 2026 11:00:00 GMT", "2026-11-23T11:00:00Z"), ("Sunday, 06-Nov-94 08:49:37 GMT", nil),
        ("Sun Nov  6 08:49:37 1994", nil), ("", nil), ("Sun, 06 Nov 1994 08:49:37 CET", nil),
        ("Sun, 31 Feb 1994 08:49:37 GMT", nil),
    ])
    func `a Date header is read in the one form of today`(text: String, moment: String?) {
        #expect(HTTPDate.parse(text)?.rfc3339 == moment)
    }

    @Test func `rules tell where a kind may be listed`() throws {
        let viewer = try #require(RulesReview.decode(try Recording(name: "540-ssrr-viewer").body))
        #expect(viewer.allows("list", kustomizations) && !viewer.allows("patch", kustomizations))
        let other = try #require(RulesReview.decode(try Recording(name: "542-ssrr-tenant-other").body))
        #expect(!other.allows("list", kustomizations))
        let admin = try #require(RulesReview.decode(try Recording(name: "543-ssrr-admin").body))
        #expect(admin.allows("patch", kustomizations))
        #expect(RulesReview.decode(try Recording(name: "530-ssar-allowed").body) == nil)
    }

    @Test func `the server says whom it takes us for`() throws {
        let review = try #require(SelfReview.decode(try Recording(name: "550-whoami-token").body))
        #expect(!review.user.isEmpty && review.groups.contains("system:authenticated"))
        #expect(SelfReview.decode(try Recording(name: "530-ssar-allowed").body) == nil)
    }

    @Test(arguments: [
        ("v2.9.4", "v2.10.0"), ("v2.9.0", "v2.9.1"), ("2.9.1", "v2.9.2"), ("", "v2.0.0"),
        ("latest", "v0.1.0"),
    ])
    func `versions of Flux are ordered by their numbers`(older: String, newer: String) {
        #expect(FluxVersion.isOlder(older, than: newer))
        #expect(!FluxVersion.isOlder(newer, than: older))
    }

    @Test func `what waits is asked at once when somebody wants it`() {
        var machine = WatchMachine(seed: 1)
        _ = machine.started()
        _ = machine.refused(KubeStatus(code: 500, message: "x"))
        #expect(machine.hurried().plain == ["begin", "list first"])
        #expect(machine.hurried().plain == [])
        #expect(machine.waited().plain == [])
    }
}
