import Crypto
import Foundation
import SwiftASN1
import X509

/// A certificate and its private key, both as PEM text.
struct CertifiedKey: Sendable {
    let certificatePEM: String
    let privateKeyPEM: String
}

/// Signs the server and client certificates of one simulated cluster.
///
/// - Shape: P-256 keys, made anew at each start; nothing is kept on disk.
struct CertificateAuthority: Sendable {
    /// A span of validity relative to the moment of signing.
    enum Validity: Sendable {
        case tenYears
        /// Ended yesterday, for servers that shall be refused.
        case expired

        fileprivate var dates: (from: Date, until: Date) {
            let day: TimeInterval = 86_400
            switch self {
            case .tenYears: return (Date(timeIntervalSinceNow: -day), Date(timeIntervalSinceNow: 3_650 * day))
            case .expired: return (Date(timeIntervalSinceNow: -30 * day), Date(timeIntervalSinceNow: -day))
            }
        }
    }

    /// The certificate that clients must trust, as PEM text.
    let certificatePEM: String
    private let certificate: Certificate
    private let key: Certificate.PrivateKey

    /// Makes a new authority with a key of its own.
    init(name: String) throws {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let subject = try DistinguishedName { CommonName(name) }
        let dates = Validity.tenYears.dates
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: key.publicKey,
            notValidBefore: dates.from,
            notValidAfter: dates.until,
            issuer: subject,
            subject: subject,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                Critical(KeyUsage(digitalSignature: true, keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: key.publicKey)
            },
            issuerPrivateKey: key
        )
        self.key = key
        self.certificate = certificate
        certificatePEM = try certificate.serializeAsPEM().pemString
    }

    /// A certificate for a server on the loopback addresses and `localhost`.
    func serverKey(validity: Validity = .tenYears) throws -> CertifiedKey {
        try sign(
            subject: DistinguishedName { CommonName("kube-apiserver") },
            usage: .serverAuth,
            names: SubjectAlternativeNames([
                .dnsName("localhost"),
                .ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1])),
                .ipAddress(ASN1OctetString(contentBytes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])),
            ]),
            validity: validity
        )
    }

    /// A certificate by which a client is known as `user`, a member of `groups`.
    func clientKey(user: String, groups: [String]) throws -> CertifiedKey {
        let organizations = groups.map { group in
            RelativeDistinguishedName(
                RelativeDistinguishedName.Attribute(
                    type: .RDNAttributeType.organizationName,
                    utf8String: group
                )
            )
        }
        let name = RelativeDistinguishedName(
            RelativeDistinguishedName.Attribute(type: .RDNAttributeType.commonName, utf8String: user)
        )
        return try sign(
            subject: DistinguishedName(organizations + [name]),
            usage: .clientAuth,
            names: nil,
            validity: .tenYears
        )
    }

    /// Whether this authority signed the certificate and it is valid now.
    func vouches(for other: Certificate) -> Bool {
        let now = Date()
        guard other.issuer == certificate.subject, other.notValidBefore <= now, now <= other.notValidAfter
        else {
            return false
        }
        return certificate.publicKey.isValidSignature(other.signature, for: other)
    }

    private func sign(
        subject: DistinguishedName,
        usage: ExtendedKeyUsage.Usage,
        names: SubjectAlternativeNames?,
        validity: Validity
    ) throws -> CertifiedKey {
        let leaf = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let dates = validity.dates
        var extensions = try Certificate.Extensions {
            Critical(BasicConstraints.notCertificateAuthority)
            Critical(KeyUsage(digitalSignature: true))
            try ExtendedKeyUsage([usage])
            AuthorityKeyIdentifier(
                keyIdentifier: SubjectKeyIdentifier(hash: certificate.publicKey).keyIdentifier
            )
        }
        if let names {
            try extensions.append(Certificate.Extension(names, critical: false))
        }
        let signed = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: leaf.publicKey,
            notValidBefore: dates.from,
            notValidAfter: dates.until,
            issuer: certificate.subject,
            subject: subject,
            extensions: extensions,
            issuerPrivateKey: key
        )
        return CertifiedKey(
            certificatePEM: try signed.serializeAsPEM().pemString,
            privateKeyPEM: try leaf.serializeAsPEM().pemString
        )
    }
}
