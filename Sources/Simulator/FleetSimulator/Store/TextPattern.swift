import Foundation
import Synchronization

/// The pattern that a text of a schema must match; it remembers the texts it was asked about.
final class TextPattern: Sendable {
    /// The regular expression, as messages show it.
    let source: String
    private let known = Mutex<[String: Bool]>([:])
    private static let memory = 4096

    init(_ source: String) {
        self.source = source
    }

    /// Whether the pattern occurs in the text.
    func matches(_ text: String) -> Bool {
        if let answer = known.withLock({ $0[text] }) { return answer }
        let answer = text.range(of: source, options: .regularExpression) != nil
        known.withLock { known in
            if known.count >= TextPattern.memory { known = [:] }
            known[text] = answer
        }
        return answer
    }
}
