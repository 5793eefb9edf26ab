/// A Flux revision: an optional pointer (branch, tag) and an optional digest.
///
/// - Shape: `main@sha1:9f2c…`, `sha256:ab…`, the legacy `main/9f2c…`, or a plain version such as `6.1.4`.
/// - Source: Flux RFC-0005; the last `@` splits, pointers may contain `/` and `@`.
package struct Revision: Hashable, Sendable {
    /// The string as the cluster gave it; equality of revisions is equality of this.
    package let text: String
    /// The branch, tag, chart version or full ref name; nil where only a digest is known.
    package let pointer: String?
    /// The algorithm of the digest, never cut; nil for the legacy form and for versions.
    package let algorithm: String?
    /// The checksum in hex, without its algorithm.
    package let checksum: String?

    /// Reads any string: what fits no form is kept whole as a version.
    package init(_ text: String) {
        self.text = text
        if let at = text.lastIndex(of: "@"), let digest = Revision.digest(text[text.index(after: at)...]) {
            pointer = at == text.startIndex ? nil : String(text[..<at])
            (algorithm, checksum) = digest
            return
        }
        if let digest = Revision.digest(text[...]) {
            pointer = nil
            (algorithm, checksum) = digest
            return
        }
        if Revision.isHash(text[...]) {
            (pointer, algorithm, checksum) = (nil, nil, text)
            return
        }
        if let slash = text.lastIndex(of: "/"), Revision.isHash(text[text.index(after: slash)...]) {
            let name = String(text[..<slash])
            (pointer, algorithm) = (name == "HEAD" || name.isEmpty ? nil : name, nil)
            checksum = String(text[text.index(after: slash)...])
            return
        }
        (pointer, algorithm, checksum) = (text.isEmpty ? nil : text, nil, nil)
    }

    /// The Git commit this revision names, 40 or 64 hex digits in lower case; nil for other artifacts.
    package var commit: String? {
        guard let checksum, algorithm != "sha256" || checksum.utf8.count == 40 else {
            return nil
        }
        guard [40, 64].contains(checksum.utf8.count), Revision.isHash(checksum[...]) else {
            return nil
        }
        return checksum.lowercased()
    }

    /// A commit or checksum as it is shown everywhere: the first seven digits, as Git shows them.
    package static func cut(_ digits: some StringProtocol) -> String {
        String(digits.prefix(7))
    }

    /// For the screen: `main@9f2c1ab`, `6.1.4`, `sha256:9f2c1ab`.
    package var short: String {
        guard let checksum else {
            return pointer ?? ""
        }
        let cut = Revision.cut(checksum)
        if let pointer {
            return "\(pointer)@\(cut)"
        }
        guard let algorithm, algorithm != "sha1" else {
            return cut
        }
        return "\(algorithm):\(cut)"
    }

    private static func digest(_ text: Substring) -> (String, String)? {
        guard let colon = text.firstIndex(of: ":") else {
            return nil
        }
        let algorithm = text[..<colon]
        let checksum = text[text.index(after: colon)...]
        let isAlgorithm = algorithm.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "_"), UInt8(ascii: "-"): true
            // Git repositories with SHA-256 come as "<unknown>:hash".
            case UInt8(ascii: "<"), UInt8(ascii: ">"): true
            default: false
            }
        }
        let isChecksum = checksum.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "="), UInt8(ascii: "_"), UInt8(ascii: "-"): true
            default: false
            }
        }
        guard !algorithm.isEmpty, !checksum.isEmpty, isAlgorithm, isChecksum else {
            return nil
        }
        return (String(algorithm), String(checksum))
    }

    private static func isHash(_ text: Substring) -> Bool {
        let bytes = text.utf8
        return [40, 64].contains(bytes.count)
            && bytes.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
                case UInt8(ascii: "A")...UInt8(ascii: "F"): true
                default: false
                }
            }
    }
}
