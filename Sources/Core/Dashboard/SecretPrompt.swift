package import Git
import Keys

/// What the operator typed for a mirror that waits: it can be handed on, and is told to nobody by accident.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    package var description: String { "(a secret)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A question of a mirror that only the operator can answer, and what is typed so far.
package struct SecretPrompt: Sendable {
    /// How the one who waits knows the question.
    package let id: Int
    package let question: SecretQuestion
    /// What is typed: as many characters as are shown masked.
    package internal(set) var typed: String
    /// Nobody waits for the answer any more.
    package internal(set) var isWithdrawn = false
    /// Why Enter did not go on, in one sentence.
    package internal(set) var problem: String?

    package init(id: Int, question: SecretQuestion) {
        self.id = id
        self.question = question
        typed = ""
    }

    /// The longest answer, in characters.
    static let limit = 1_000

    /// Types at the end; what is pasted ends at its first line break.
    mutating func type(_ key: Key) {
        switch key {
        case .character(let character): typed.append(character)
        case .paste(let pasted): typed += pasted.prefix { !$0.isNewline }
        case .backspace: _ = typed.popLast()
        case .control("u"), .control("w"): typed = ""
        default: return
        }
        typed = isWithdrawn ? "" : String(typed.prefix(SecretPrompt.limit))
        problem = isWithdrawn ? problem : nil
    }
}
