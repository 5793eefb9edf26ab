/// The objects that one run of an applier changed, as its Event lists them.
///
/// A run may change hundreds, and what is shown of a message is cut: they are kept in one text, apart from it.
/// - Source: `Kind/namespace/name configured`, without the namespace for cluster-scoped objects, one a line or after one
///   another; of all that a run does only what it writes or makes anew matters.
package struct ObjectChanges: Hashable, Sendable, Sequence {
    package struct Change: Hashable, Sendable {
        /// `Kind/namespace/name`.
        package let object: String
        /// True where it was not there before.
        package let isCreated: Bool
    }

    /// More than any message that an API server takes.
    private static let limit = 512 * 1024

    private let packed: String

    /// Reads a message as the cluster has it; what lists no objects costs next to nothing.
    package init(_ message: String) {
        let utf8 = message.utf8
        guard utf8.count <= ObjectChanges.limit,
            utf8.firstRange(of: " configured".utf8) != nil || utf8.firstRange(of: " created".utf8) != nil
        else {
            packed = ""
            return
        }
        let words = message.split { $0.isWhitespace }
        var packed = ""
        for (object, action) in zip(words, words.dropFirst())
        where ["configured", "created"].contains(action) && ObjectChanges.isName(object) {
            packed += "\(object) \(action)\n"
        }
        self.packed = packed
    }

    package var isEmpty: Bool { packed.isEmpty }

    package func makeIterator() -> AnyIterator<Change> {
        var lines = packed.split(separator: "\n").makeIterator()
        return AnyIterator {
            guard let parts = lines.next()?.split(separator: " "), parts.count == 2 else {
                return nil
            }
            return Change(object: String(parts[0]), isCreated: parts[1] == "created")
        }
    }

    /// Kinds and names are visible ASCII.
    private static func isName(_ word: Substring) -> Bool {
        word.utf8.contains(UInt8(ascii: "/")) && word.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
