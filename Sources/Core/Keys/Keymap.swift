/// Which key gives which command, in the order in which the bindings were made.
package struct Keymap<Command: Hashable & Sendable>: Sendable, Equatable {
    /// A key that one command took from another.
    package struct Conflict: Hashable, Sendable {
        /// The key both wanted.
        package let key: Key
        /// The command that has it now.
        package let winner: Command
        /// The command that lost it.
        package let loser: Command
    }

    /// All bindings.
    package private(set) var bindings: [Key: Command] = [:]
    /// The bound keys in the order in which they are shown.
    private var order: [Key] = []

    /// An empty map.
    package init() {}

    /// A map of defaults; a key named twice keeps its first command.
    package init(defaults: [(Key, Command)]) {
        for (key, command) in defaults where bindings[key] == nil { bind(key, to: command) }
    }

    /// Gives a key to a command, and returns what was displaced, if that was another command.
    @discardableResult
    package mutating func bind(_ key: Key, to command: Command) -> Conflict? {
        let previous = bindings.updateValue(command, forKey: key)
        guard let previous else {
            order.append(key)
            return nil
        }
        return previous == command ? nil : Conflict(key: key, winner: command, loser: previous)
    }

    /// Takes a key from whatever has it.
    package mutating func unbind(_ key: Key) {
        guard bindings.removeValue(forKey: key) != nil else { return }
        order.removeAll { $0 == key }
    }

    /// Gives a command exactly these keys and takes its others away, as a line in the settings does.
    ///
    /// - Shape: no keys leave the command without one. Returns the keys taken from other commands.
    package mutating func rebind(_ command: Command, to keys: [Key]) -> [Conflict] {
        for key in self.keys(for: command) where !keys.contains(key) { unbind(key) }
        return keys.compactMap { bind($0, to: command) }
    }

    /// The command of a key.
    package func lookup(_ key: Key) -> Command? {
        bindings[key]
    }

    /// The keys of a command, first bound first.
    package func keys(for command: Command) -> [Key] {
        order.filter { bindings[$0] == command }
    }
}
