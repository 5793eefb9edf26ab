import FoundationEssentials
import Kube

/// What tells that SOPS encrypted a text, or that flux hid what it had encrypted.
///
/// - Source: SOPS writes every value, and the check over all of them, as `ENC[AES256_GCM,…]`, in whatever format.
///   `flux build` takes the `sops` block away and writes a mask over the values of Secrets, in base64.
enum EncryptedMark {
    private static let value = ByteSearch("ENC[AES256_GCM")
    private static let mask = ByteSearch("**SOPS**")

    static func isIn(_ file: [UInt8]) -> Bool {
        value.isIn(file)
    }

    /// True where any text of a built object was encrypted, be it behind base64.
    static func isIn(_ object: ObjectValue) -> Bool {
        object["sops"] != nil || isIn(object, isSecret: object["kind"]?.text == "Secret")
    }

    private static func isIn(_ part: ObjectValue, isSecret: Bool) -> Bool {
        switch part {
        case .string(let text): isIn(text, isSecret)
        case .list(let elements): elements.contains { isIn($0, isSecret: isSecret) }
        case .object(let members): members.contains { isIn($0, isSecret) || isIn($1, isSecret: isSecret) }
        case .null, .flag, .whole, .number: false
        }
    }

    private static func isIn(_ text: String, _ isSecret: Bool) -> Bool {
        func isMarked(_ bytes: [UInt8]) -> Bool {
            value.isIn(bytes) || (isSecret && mask.isIn(bytes))
        }
        guard text.utf8.count >= 8 else {
            return false
        }
        if isMarked(Array(text.utf8)) {
            return true
        }
        // Only what could be base64 is worth decoding: words have white space early, and often other signs.
        let isPacked = text.utf8.prefix(64).allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"),
                UInt8(ascii: "="),
                UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: " "):
                true
            default: false
            }
        }
        guard isPacked, let plain = Data(base64Encoded: text, options: .ignoreUnknownCharacters) else {
            return false
        }
        return isMarked(Array(plain))
    }

    /// Whether a name ends as those that kustomize makes from the content of a generated object.
    static func isHashed(_ name: String) -> Bool {
        let end = name.utf8.suffix(11)
        return end.count == 11 && end.first == UInt8(ascii: "-")
            && end.dropFirst().allSatisfy { "2456789bcdfghkmt".utf8.contains($0) }
    }

    /// The names out of `names` that any text of an object is.
    static func names(_ names: Set<String>, in object: ObjectValue) -> Set<String> {
        switch object {
        case .string(let text): names.contains(text) ? [text] : []
        case .list(let elements): elements.reduce(into: []) { $0.formUnion(self.names(names, in: $1)) }
        case .object(let members): members.values.reduce(into: []) { $0.formUnion(self.names(names, in: $1)) }
        case .null, .flag, .whole, .number: []
        }
    }
}
