package import Configuration
package import Git

/// What lies over the screen and takes the keys; one at a time.
package enum Modal: Sendable {
    case help(HelpState)
    case prompt(Prompt)
    case confirm(Confirmation)
    case rollback(RollbackState)
}

/// The help: what works here now, filtered as it is typed.
package struct HelpState: Sendable {
    package internal(set) var input = TextInput()
    /// True while keys go to the filter.
    package internal(set) var isFiltering = false
    /// Every line that works where help was opened.
    package let all: [HelpLine]
    package internal(set) var shown: [HelpLine]
    package internal(set) var cursor = Cursor<HelpLine>()
}

/// One line of the help, or one hint at the bottom.
package struct HelpLine: Hashable, Sendable {
    package let command: Command
    /// The keys as written, `Ctrl-d`; empty where none is bound.
    package let keys: [String]
    package let text: String
    /// The heading that it stands under.
    package let topic: String
}

/// The line at the bottom in which a filter or a command is typed.
package struct Prompt: Sendable {
    package enum Purpose: Hashable, Sendable {
        /// For a pane of the fleet view.
        case filterPane(Pane)
        /// For the list of the screen.
        case filterScreen
        case command
        /// The path that goes back to how it was at this commit.
        case putBack(Commit)

        /// True where what is typed can be completed.
        package var completes: Bool {
            switch self {
            case .command, .putBack: true
            case .filterPane, .filterScreen: false
            }
        }
    }

    package let purpose: Purpose
    package internal(set) var input: TextInput
    /// What was there before; Esc brings it back.
    package let before: String
    /// Completions of a command, best first.
    package internal(set) var completions: [Completion]
    /// The completion that Tab chose; nil while typing.
    package internal(set) var chosen: Int?
}

/// One way to complete what is typed after `:`.
package struct Completion: Hashable, Sendable {
    /// The whole line as it would be.
    package let line: String
    package let text: String
}
