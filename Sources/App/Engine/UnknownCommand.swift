import Configuration

/// A word in the place of a command that is none.
package enum UnknownCommand {
    /// What is said of it, with the command that was probably meant.
    package static func sentence(_ word: String, commands: some Sequence<String>) -> String {
        let near = NearestName.of(word, among: commands.sorted())
        return "unknown command '\(word)'"
            + (near.map { ", did you mean \($0)?" } ?? "; weir --help lists all")
    }
}
