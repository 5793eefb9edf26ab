package import Chrono

/// A sentence for the operator that goes away by itself.
package struct Notice: Hashable, Sendable {
    package enum Tone: Hashable, Sendable {
        case done, told, problem
    }

    package let id: Int
    package let text: String
    package let tone: Tone
    package let at: Timestamp
    package let expires: Timestamp
}
