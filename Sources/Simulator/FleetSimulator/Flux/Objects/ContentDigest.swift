import Crypto

/// SHA-256 digests: of artifacts, of built objects, and wherever a stable random-looking number is wanted.
enum ContentDigest {
    /// 64 hexadecimal digits.
    static func hex(_ text: String) -> String {
        hex(Array(text.utf8))
    }

    /// 64 hexadecimal digits.
    static func hex(_ bytes: some Collection<UInt8>) -> String {
        Hexadecimal.text(SHA256.hash(data: Array(bytes)))
    }

    /// The digest as Flux and OCI write it: `sha256:` and 64 digits.
    static func named(_ text: String) -> String {
        "sha256:" + hex(text)
    }

    /// The 32 bytes.
    static func digest(_ bytes: some Collection<UInt8>) -> [UInt8] {
        Array(SHA256.hash(data: Array(bytes)))
    }
}
