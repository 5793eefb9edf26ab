/// Something in the settings file that was not understood; everything else in the file still counts.
package struct SettingsDiagnostic: Hashable, Sendable, CustomStringConvertible {
    package let file: String
    /// Counted from one; nil where it concerns the whole file.
    package let line: Int?
    /// The key as a path, `cluster.context`; nil where it concerns no key.
    package let key: String?
    /// What was found and what was expected, in one sentence.
    package let message: String

    package init(file: String, line: Int?, key: String?, message: String) {
        self.file = file
        self.line = line
        self.key = key
        self.message = message
    }

    package var description: String {
        let place = line.map { "\(file):\($0)" } ?? file
        return key.map { "\(place): \($0): \(message)" } ?? "\(place): \(message)"
    }
}
