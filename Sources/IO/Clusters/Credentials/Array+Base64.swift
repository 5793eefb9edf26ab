import FoundationEssentials

extension [UInt8] {
    /// The bytes as base64 with padding.
    var base64: String {
        Data(self).base64EncodedString()
    }
}
