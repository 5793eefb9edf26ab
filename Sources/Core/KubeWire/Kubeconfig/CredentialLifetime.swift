package import Chrono
import Kube

/// Until when credentials are good, as they themselves say; nothing here checks a signature.
package enum CredentialLifetime {
    /// The `exp` of a JSON web token; nil for tokens that are none, or that do not say.
    ///
    /// - Source: RFC 7519 section 4.1.4.
    package static func end(ofToken token: Secret) -> Timestamp? {
        let parts = token.revealed.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else {
            return nil
        }
        var text = String(parts[1]).replacing("-", with: "+").replacing("_", with: "/")
        text += String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard let seconds = Base64.decode(text)?.fields?.integer("exp"), abs(seconds) < 9_000_000_000 else {
            return nil
        }
        return Timestamp(seconds: seconds)
    }

    /// The end of the first certificate of a PEM text; nil where none can be read.
    package static func end(ofCertificate pem: [UInt8]) -> Timestamp? {
        let text = String(decoding: pem, as: UTF8.self)
        guard let begin = text.firstRange(of: "-----BEGIN CERTIFICATE-----"),
            let end = text[begin.upperBound...].firstRange(of: "-----END CERTIFICATE-----"),
            let der = Base64.decode(text[begin.upperBound..<end.lowerBound].filter { !$0.isWhitespace })
        else {
            return nil
        }
        return validity(der[...])
    }

    /// Goes through Certificate, tbsCertificate, then version, serial number, signature and issuer to validity.
    ///
    /// - Source: RFC 5280 section 4.1.
    private static func validity(_ der: ArraySlice<UInt8>) -> Timestamp? {
        guard let certificate = DER.read(der), let body = DER.read(certificate.content) else {
            return nil
        }
        var rest = body.content
        var fields: [DER] = []
        while fields.count < 5, let field = DER.read(rest) {
            fields.append(field)
            rest = rest[field.end...]
        }
        // The version is left out of certificates of version 1.
        let place = fields.first?.tag == 0xA0 ? 4 : 3
        guard fields.indices.contains(place), let begin = DER.read(fields[place].content),
            let end = DER.read(fields[place].content[begin.end...])
        else {
            return nil
        }
        return end.time
    }
}

/// One element of ASN.1's distinguished encoding.
private struct DER {
    let tag: UInt8
    let content: ArraySlice<UInt8>

    /// Where the next element begins.
    var end: Int { content.endIndex }

    static func read(_ bytes: ArraySlice<UInt8>) -> DER? {
        guard bytes.count >= 2 else {
            return nil
        }
        let tag = bytes[bytes.startIndex]
        var place = bytes.startIndex + 2
        var length = Int(bytes[place - 1])
        if length >= 0x80 {
            let count = length & 0x7F
            guard (1...4).contains(count), bytes.endIndex - place >= count else {
                return nil
            }
            length = bytes[place..<place + count].reduce(0) { $0 << 8 | Int($1) }
            place += count
        }
        guard length <= bytes.endIndex - place else {
            return nil
        }
        return DER(tag: tag, content: bytes[place..<place + length])
    }

    /// UTCTime or GeneralizedTime, both in the form that RFC 5280 demands.
    var time: Timestamp? {
        var digits = String(decoding: content, as: UTF8.self)
        guard digits.hasSuffix("Z") else {
            return nil
        }
        digits.removeLast()
        if tag == 0x17, digits.count == 12 {
            digits = (digits < "50" ? "20" : "19") + digits
        }
        guard digits.count == 14, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else {
            return nil
        }
        var text = ""
        for (place, digit) in digits.enumerated() {
            text += [4: "-", 6: "-", 8: "T", 10: ":", 12: ":"][place] ?? ""
            text.append(digit)
        }
        return Timestamp(rfc3339: text + "Z")
    }
}
