import Foundation
import Screen
import Testing
import Themes

struct ThemeFileTests {
    private static func file(_ name: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../themes")
        return try String(contentsOf: root.appending(path: "\(name).toml"), encoding: .utf8)
    }

    @Test(arguments: ["dark", "light", "high-contrast", "mono"])
    func `the files say the same as the built-in themes`(name: String) throws {
        let file = ThemeFile(try Self.file(name), file: "themes/\(name).toml")
        #expect(file.diagnostics == [])
        let theme = try #require(file.theme)
        let builtin = try #require(Theme.named(name))
        for role in Role.allCases { #expect(theme[role] == builtin[role], "\(role)") }
        #expect(theme == builtin)
    }

    @Test func `one line makes a whole theme`() throws {
        let theme = try #require(ThemeFile("ready = '#00ff00'", file: "themes/mine.toml").theme)
        #expect(theme.name == "mine")
        #expect(theme[.ready].foreground == .rgb(0, 255, 0))
        #expect(theme[.failed] == Theme.standard[.failed])
    }

    @Test func `a palette alone recolours the theme it inherits`() throws {
        let text = """
            inherits = "light"
            [palette]
            green = "#020"
            bg = "default"
            """
        let theme = try #require(ThemeFile(text, file: "x.toml").theme)
        #expect(theme[.ready].foreground == .rgb(0, 0x22, 0))
        #expect(theme[.text].background == nil)
        #expect(theme.appearance == .light)
    }

    @Test func `a role takes colours and emphasis`() throws {
        let text = """
            link = { fg = "ansi-bright-blue", bg = "#123", italic = true, bold = false }
            dim = "ansi-white"
            """
        let theme = try #require(ThemeFile(text, file: "x.toml").theme)
        #expect(
            theme[.link]
                == Style(foreground: .indexed(12), background: .rgb(0x11, 0x22, 0x33), emphasis: .italic)
        )
        #expect(theme[.dim].foreground == .indexed(7))
    }

    @Test func `another file can be inherited`() throws {
        let parent = try #require(ThemeFile("ready = '#010203'", file: "parent.toml").definition)
        let child = ThemeFile("inherits = 'parent'", file: "child.toml") { $0 == "parent" ? parent : nil }
        #expect(child.diagnostics == [])
        #expect(child.theme?[.ready].foreground == .rgb(1, 2, 3))
        #expect(child.theme?.name == "child")
    }

    static let mistakes: [(String, String)] = [
        ("redy = 'green'", "t.toml:1: unknown role \"redy\"; did you mean \"ready\"?"),
        ("\n# c\nsomething-else = 'green'", "t.toml:3: unknown role \"something-else\""),
        ("inherits = 'nowhere'", "t.toml:1: there is no theme \"nowhere\" to inherit from"),
        ("appearance = 'grey'", "t.toml:1: appearance is \"grey\"; expected \"dark\" or \"light\""),
        ("name = 3", "t.toml:1: name is a integer; expected a text"),
        ("ready = 'greenish'", "t.toml:1: \"greenish\" is no colour; expected #rrggbb"),
        ("ready = '#12345'", "t.toml:1: \"#12345\" is no colour"),
        ("ready = 5", "t.toml:1: ready is a integer; expected a colour or"),
        ("ready = { fg = 'green', blink = true }", "t.toml:1: unknown \"blink\"; expected fg, bg, bold"),
        ("[ready]\nfg = 'green'\nbold = 'yes'", "t.toml:3: bold is a string; expected true or false"),
        ("[palette]\ngreen = '#0g0'", "t.toml:2: \"#0g0\" is no colour"),
        ("[palette]\ngreen = 'red'", "t.toml:2: \"red\" is no colour"),
        ("palette = 'x'", "t.toml:1: palette is a string; expected a table of colours"),
        ("ready = \n", "t.toml:1: not TOML"),
    ]

    @Test(arguments: mistakes)
    func `a mistake is told with its place, and the rest counts`(text: String, message: String) {
        let file = ThemeFile(text, file: "t.toml")
        #expect(file.diagnostics.count == 1)
        let told = file.diagnostics.first?.description ?? ""
        #expect(told.hasPrefix(message), "\(told)")
        #expect(file.theme?[.failed] == (message.contains("not TOML") ? nil : Theme.standard[.failed]))
    }
}
