package import Git

/// Where mirrors lie on disk.
package enum MirrorPath {
    /// The bare repository of one remote: `CACHE/mirrors/fleet-0f3a….git`.
    ///
    /// - Shape: letters, digits, `.`, `_` and `-` of the repository's name, then a digest of its whole address.
    package static func directory(of repository: RepositoryID, in cacheDirectory: String) -> String {
        "\(cacheDirectory)/mirrors/\(name(of: repository)).git"
    }

    static func name(of repository: RepositoryID) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in repository.address.utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        }
        let safe = repository.name.unicodeScalars.prefix(40).map { scalar -> Character in
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
            return isPlain || scalar == "-" || scalar == "_" ? Character(scalar) : "-"
        }
        let digits = String(hash, radix: 16)
        return "\(String(safe))-\(String(repeating: "0", count: 16 - digits.count))\(digits)"
    }
}
