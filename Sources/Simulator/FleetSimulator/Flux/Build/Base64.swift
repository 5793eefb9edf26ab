import Foundation

/// Standard base64 of texts, as Secrets carry them.
enum Base64 {
    static func encoded(_ text: String) -> String {
        Data(text.utf8).base64EncodedString()
    }

    /// The text behind an encoded value; nil when it is no base64.
    static func decoded(_ text: String) -> String? {
        Data(base64Encoded: text).map { String(decoding: $0, as: UTF8.self) }
    }
}
