import Foundation
import Git

@testable import Repos

/// A certificate for 127.0.0.1 that signs itself, trusted by this process before libgit2 is set up.
final class TestAuthority: Sendable {
    static let shared = TestAuthority()

    let certificate: String
    let key: String
    /// Nil where `openssl` is missing.
    let isUsable: Bool

    private init() {
        let directory = NSTemporaryDirectory() + "weir-authority-\(UUID().uuidString.prefix(8))"
        try? FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        certificate = "\(directory)/cert.pem"
        key = "\(directory)/key.pem"
        let command = [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
            "/CN=127.0.0.1",
            "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", key, "-out", certificate,
        ]
        let settings = RepositorySettings(
            id: RepositoryID(url: directory),
            url: directory,
            cacheDirectory: directory,
            isReadOnly: true
        )
        let answer = try? ChildProcess.output(of: command, input: "", for: Transfer(settings))
        isUsable = answer?.code == 0
        if isUsable {
            setenv("GIT_SSL_CAINFO", certificate, 1)
        }
    }
}
