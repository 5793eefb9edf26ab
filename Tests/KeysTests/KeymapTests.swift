import Keys
import Testing

struct KeymapTests {
    private enum Command {
        case resync
        case rollBack
        case quit
        case help
    }

    private static var map: Keymap<Command> {
        Keymap(defaults: [
            (.character("R"), .resync), (.character("X"), .rollBack), (.character("q"), .quit),
            (.control("c"), .quit),
        ])
    }

    @Test func `keys give their commands, and commands their keys in order`() {
        #expect(Self.map.lookup(.character("R")) == .resync)
        #expect(Self.map.lookup(.character("r")) == nil)
        #expect(Self.map.keys(for: .quit) == [.character("q"), .control("c")])
        #expect(Self.map.keys(for: .help) == [])
    }

    @Test func `a line of the settings replaces the keys of its command`() {
        var map = Self.map
        #expect(map.rebind(.quit, to: [.control("q")]) == [])
        #expect(map.keys(for: .quit) == [.control("q")])
        #expect(map.lookup(.character("q")) == nil)
        #expect(map.rebind(.quit, to: []) == [])
        #expect(map.keys(for: .quit) == [])
    }

    @Test func `a key taken from another command is told`() {
        var map = Self.map
        let conflicts = map.rebind(.help, to: [.character("R"), .character("?")])
        #expect(conflicts.map(\.key) == [.character("R")])
        #expect(conflicts.map(\.winner) == [.help])
        #expect(conflicts.map(\.loser) == [.resync])
        #expect(map.lookup(.character("R")) == .help)
        #expect(map.keys(for: .resync) == [])
    }

    @Test func `binding a key again to its command is no conflict`() {
        var map = Self.map
        #expect(map.bind(.character("R"), to: .resync) == nil)
        #expect(map == Self.map)
        map.unbind(.character("R"))
        map.unbind(.character("R"))
        #expect(map.lookup(.character("R")) == nil)
    }

    @Test func `of two defaults for one key the first stays`() {
        let map = Keymap<Command>(defaults: [(.escape, .help), (.escape, .quit)])
        #expect(map.lookup(.escape) == .help)
    }
}
