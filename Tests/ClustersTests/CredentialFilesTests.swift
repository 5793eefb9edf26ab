import Clusters
import Foundation
import Kube
import KubeWire
import Testing

/// Credentials in files: they are read again as soon as somebody writes them.
// One after the other: each starts a fleet of its own.
@Suite(.serialized, .enabled(if: Simulator.program != nil), .timeLimit(.minutes(2)))
struct CredentialFilesTests {
    private func text(_ source: PEMSource?) throws -> String {
        guard case .inline(let secret)? = source else {
            throw CocoaError(.coderValueNotFound)
        }
        return secret.revealed
    }

    private func write(_ text: String, _ file: URL) throws {
        // As those who renew certificates do: a new file in the old one's place.
        try Data(text.utf8).write(to: file, options: .atomic)
    }

    @Test func `a client certificate is taken from its files as soon as they are there`() async throws {
        let simulator = try Simulator(["--clusters", "2"])
        var access = try simulator.access("prod-us")
        let certificate = try text(access.credentials.certificate?.certificate)
        let key = try text(access.credentials.certificate?.key)
        let folder = simulator.directory.appendingPathComponent("pki")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let files = ["tls.crt", "tls.key"].map { folder.appendingPathComponent($0) }
        access.credentials = Credentials(
            certificate: ClientCertificate(certificate: .file(files[0].path), key: .file(files[1].path))
        )
        let settings = ClusterSettings(id: ClusterID("prod-us"), access: .success(access))
        try await withSession(settings) { (_, board) async throws in
            let before = try await board.wait { $0.link.problem != nil }
            guard case .misconfigured(let reason) = before.link else {
                Issue.record("expected a missing file, not \(before.link)")
                return
            }
            #expect(reason.contains("tls.crt"))
            try write(certificate, files[0])
            try write(key, files[1])
            let after = try await board.wait { $0.isComplete && $0.link == .live }
            #expect(after.credentialsExpire != nil)
        }
        try FileManager.default.removeItem(at: folder)
    }

    @Test func `a renewed certificate is used over new connections, without a gap`() async throws {
        let simulator = try Simulator(["--clusters", "2"])
        var access = try simulator.access("prod-us")
        let certificate = try text(access.credentials.certificate?.certificate)
        let key = try text(access.credentials.certificate?.key)
        let folder = simulator.directory.appendingPathComponent("pki")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let files = ["tls.crt", "tls.key"].map { folder.appendingPathComponent($0) }
        try write(certificate, files[0])
        try write(key, files[1])
        access.credentials = Credentials(
            certificate: ClientCertificate(certificate: .file(files[0].path), key: .file(files[1].path))
        )
        let settings = ClusterSettings(id: ClusterID("prod-us"), access: .success(access))
        try await withSession(settings) { (_, board) async throws in
            try await board.wait { $0.isComplete && $0.link == .live && !$0.isStale }
            try await simulator.resetStats(of: "prod-us")
            // The same certificate in other bytes: who compares them sees a new one.
            try write(certificate + "\n", files[0])
            while try await simulator.stats(of: "prod-us").connections.accepted == 0 {}
            let snapshot = try await board.wait { $0.link == .live && !$0.isStale }
            #expect(snapshot.link == .live)
        }
        try FileManager.default.removeItem(at: folder)
    }

    @Test func `a token file that appears is used at once`() async throws {
        let simulator = try Simulator()
        var access = try simulator.access("prod-eu")
        guard case .token(let good)? = access.credentials.bearer else {
            Issue.record("expected a token")
            return
        }
        let file = simulator.directory.appendingPathComponent("token-\(UUID().uuidString)")
        access.credentials = Credentials(bearer: .file(file.path, fallback: nil))
        let settings = ClusterSettings(id: ClusterID("prod-eu"), access: .success(access))
        try await withSession(settings) { (_, board) async throws in
            try await board.wait { $0.link.problem != nil }
            try write(good.revealed + "\n", file)
            try await board.wait { $0.isComplete && $0.link == .live }
        }
        try FileManager.default.removeItem(at: file)
    }
}
