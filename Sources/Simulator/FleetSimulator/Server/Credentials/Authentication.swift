import Crypto
import Foundation
import NIOHTTP1
import SwiftASN1
import X509

/// Turns the credentials of a request into a user.
///
/// - Source: the order of a real API server: a client certificate, then a bearer token, then anonymous.
struct Authentication: Sendable {
    /// What the credentials of a request amount to.
    enum Outcome: Sendable {
        case known(UserIdentity)
        case refused
    }

    let authority: CertificateAuthority
    let tokens: [String: UserIdentity]
    /// Whether a request without credentials is served as `system:anonymous`.
    let allowsAnonymous: Bool

    /// Decides who sent the headers over a connection with this client certificate.
    func outcome(headers: HTTPHeaders, certificate: PeerCertificate?) -> Outcome {
        if let certificate, let user = certificate.user(vouchedBy: authority) {
            return .known(user)
        }
        if let token = bearerToken(headers) {
            guard var user = tokens[token] else { return .refused }
            user.groups.append(UserIdentity.authenticatedGroup)
            return .known(user)
        }
        if certificate != nil { return .refused }
        return allowsAnonymous ? .known(.anonymous) : .refused
    }

    /// An empty bearer token and other schemes count as no credentials at all.
    private func bearerToken(_ headers: HTTPHeaders) -> String? {
        guard let field = headers.first(name: "Authorization") else { return nil }
        let parts = field.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        let token = parts[1].trimmingCharacters(in: .whitespaces)
        return token.isEmpty ? nil : token
    }
}

/// A certificate presented by a client; whether anybody vouches for it is decided per request.
///
/// A real API server accepts any certificate in the handshake and answers 401 later, and so does this one.
struct PeerCertificate: Sendable {
    private let certificate: Certificate
    private let fingerprint: String

    init?(der: [UInt8]) {
        guard let certificate = try? Certificate(derEncoded: der) else { return nil }
        self.certificate = certificate
        fingerprint = Hexadecimal.text(Crypto.SHA256.hash(data: der))
    }

    /// The user named by the certificate, if `authority` signed it: CN is the name, each O a group.
    func user(vouchedBy authority: CertificateAuthority) -> UserIdentity? {
        guard authority.vouches(for: certificate) else { return nil }
        var name: String?
        var groups: [String] = []
        for attribute in certificate.subject.flatMap(Array.init) {
            guard let value = String(attribute.value) else { continue }
            if attribute.type == .RDNAttributeType.commonName {
                name = value
            } else if attribute.type == .RDNAttributeType.organizationName {
                groups.append(value)
            }
        }
        guard let name else { return nil }
        return UserIdentity(
            name: name,
            groups: groups + [UserIdentity.authenticatedGroup],
            extra: [
                (key: "authentication.kubernetes.io/credential-id", values: ["X509SHA256=\(fingerprint)"])
            ]
        )
    }
}
