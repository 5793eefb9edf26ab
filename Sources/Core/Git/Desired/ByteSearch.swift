/// Looks for a short text in very many bytes.
struct ByteSearch {
    private let wanted: [UInt8]

    /// - Shape: `text` is not empty.
    init(_ text: String) {
        wanted = Array(text.utf8)
    }

    func isIn(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { isIn($0) }
    }

    func isIn(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { isIn($0) }
    }

    private func isIn(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count >= wanted.count else {
            return false
        }
        return (0...(bytes.count - wanted.count)).contains { start in
            bytes[start] == wanted[0] && wanted.indices.allSatisfy { bytes[start + $0] == wanted[$0] }
        }
    }
}
