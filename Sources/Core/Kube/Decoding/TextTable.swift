import Text

/// Lets equal texts of many objects share their memory, and judges each only once.
///
/// A thousand objects say "Applied revision: main@sha1:…" word for word, and most lie in few namespaces.
/// - Thread: belongs to whoever reads with it.
package final class TextTable {
    private var lines: [String: String] = [:]
    private var revisions: [String: Revision] = [:]
    /// Beyond this the tables begin anew, as most of what they hold is of the past.
    private let limit = 4096

    package init() {}

    /// The text as one harmless line.
    package func line(_ raw: String, limit: Int) -> String {
        let count = raw.utf8.count
        // Short ones live inside the string itself; long ones are rarely alike.
        guard count > 15, count <= 200, count <= limit else {
            return Sanitiser.line(raw, limit: limit)
        }
        if let known = lines[raw] {
            return known
        }
        if lines.count >= self.limit {
            lines.removeAll(keepingCapacity: true)
        }
        let line = Sanitiser.line(raw, limit: limit)
        lines[raw] = line
        return line
    }

    /// The revision that a text means.
    package func revision(_ text: String) -> Revision {
        if let known = revisions[text] {
            return known
        }
        if revisions.count >= limit {
            revisions.removeAll(keepingCapacity: true)
        }
        let revision = Revision(text)
        revisions[text] = revision
        return revision
    }
}
