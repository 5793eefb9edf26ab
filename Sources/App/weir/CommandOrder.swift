/// Lets options that every command takes stand before the command, as users of kubectl write them.
enum CommandOrder {
    /// The options before a command that take a value of their own.
    private static let valued: Set<String> = [
        "--kubeconfig", "--context", "--config", "--log-file", "--theme",
    ]

    /// The options before a command that take none.
    private static let flags: Set<String> = ["--read-only", "--ascii"]

    /// The first word that is no option, where it is no command either; nil where all is well.
    ///
    /// - Shape: nil as well after an option that is not among these: the word may be its value.
    static func unknownCommand(_ arguments: [String], commands: Set<String>) -> String? {
        let index = firstWord(arguments)
        let options = arguments[..<min(index, arguments.endIndex)].filter { $0.hasPrefix("-") }
        let areKnown = options.allSatisfy { option in
            let name = option.split(separator: "=", maxSplits: 1).first.map(String.init) ?? option
            return flags.contains(option) || valued.contains(name)
        }
        guard areKnown, index < arguments.endIndex, arguments[index] != "--",
            !commands.contains(arguments[index])
        else {
            return nil
        }
        return arguments[index]
    }

    private static func firstWord(_ arguments: [String]) -> Int {
        var index = arguments.startIndex
        while index < arguments.endIndex, arguments[index].hasPrefix("-"), arguments[index] != "--" {
            index += valued.contains(arguments[index]) ? 2 : 1
        }
        return index
    }

    /// The arguments with the command moved to the front, if one follows nothing but options.
    static func commandFirst(_ arguments: [String], commands: Set<String>) -> [String] {
        let index = firstWord(arguments)
        guard index > arguments.startIndex, index < arguments.endIndex, commands.contains(arguments[index])
        else {
            return arguments
        }
        var ordered = arguments
        ordered.insert(ordered.remove(at: index), at: ordered.startIndex)
        return ordered
    }
}
