package import Kube
import Text

/// What the controller of a resource logged about it, as far as it is kept.
package struct ResourceLog: Sendable {
    /// One line of the screen: a line of the log, or what did not fit into the one above.
    package struct Row: Hashable, Sendable {
        /// Nil where it goes on from the row above.
        package let line: LogLine?
        package let text: String
    }

    /// Lines that are kept, the newest ones.
    static let limit = 500
    /// What a row says before the message: the time and the level.
    package static let indent = 17

    private var lines: [LogLine] = []
    private var width = 0
    /// Oldest first.
    package private(set) var rows: [Row] = []
    /// Why nothing more comes; nil while it is followed.
    package private(set) var ending: String?
    /// False until the cluster answered.
    package private(set) var isFound = false
    /// True while the newest line is in view.
    var isTailing = true

    mutating func take(_ news: LogNews) {
        switch news {
        case .lines(let new):
            isFound = true
            lines.append(contentsOf: new)
            if lines.count > ResourceLog.limit {
                lines.removeFirst(lines.count - ResourceLog.limit)
                wrap()
            } else {
                rows += new.flatMap(wrapped)
            }
        case .ended(let reason): ending = reason
        }
    }

    /// Breaks the lines for a screen of so many columns.
    mutating func fit(columns: Int) {
        let width = max(10, columns - 4 - ResourceLog.indent)
        if width != self.width {
            self.width = width
            wrap()
        }
    }

    private mutating func wrap() {
        rows = lines.flatMap(wrapped)
    }

    private func wrapped(_ line: LogLine) -> [Row] {
        line.message.wrapped(to: max(10, width)).enumerated().map { index, text in
            Row(line: index == 0 ? line : nil, text: text)
        }
    }
}
