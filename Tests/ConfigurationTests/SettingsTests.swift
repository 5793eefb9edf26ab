import Configuration
import Foundation
import Keys
import Testing

struct SettingsTests {
    private func read(_ text: String) -> (Settings, [String]) {
        let (settings, diagnostics) = Settings.read(text, file: "config.toml")
        return (settings, diagnostics.map(\.description))
    }

    @Test func `an empty file is the defaults`() {
        let (settings, diagnostics) = read("")
        #expect(settings == Settings())
        #expect(diagnostics.isEmpty)
    }

    @Test func `the example file is understood to the last key`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "config.example.toml"), encoding: .utf8)
        let (settings, diagnostics) = read(text)
        #expect(diagnostics.isEmpty)
        #expect(settings.clusters.map(\.context) == ["prod-*", "prod-eu", "audit"])
        #expect(settings.keymap.bindings == Command.defaultKeymap.bindings)
    }

    @Test func `every key of every table is read`() {
        let (settings, diagnostics) = read(
            """
            [general]
            theme = "light"
            read_only = true
            ascii = true
            mouse = false
            cache_directory = "/var/cache/weir"
            fetch_interval = "1m30s"
            [[cluster]]
            context = "prod-eu"
            kubeconfig = "/etc/kube"
            name = "Frankfurt"
            group = "production"
            protected = true
            read_only = false
            colour = "red"
            namespaces = ["apps", "infra"]
            timeout = "10s"
            [git]
            author_name = "On call"
            author_email = "oncall@example.org"
            [[drift.owner]]
            manager = "acme-*"
            kinds = ["Deployment"]
            fields = "spec.replicas"
            """
        )
        #expect(diagnostics.isEmpty)
        #expect(
            settings.general
                == GeneralSettings(
                    theme: "light",
                    isReadOnly: true,
                    usesASCII: true,
                    usesMouse: false,
                    cacheDirectory: "/var/cache/weir",
                    fetchInterval: .seconds(90)
                )
        )
        #expect(
            settings.clusters == [
                ClusterRule(
                    context: "prod-eu",
                    kubeconfig: "/etc/kube",
                    name: "Frankfurt",
                    group: "production",
                    isProtected: true,
                    isReadOnly: false,
                    colour: "red",
                    namespaces: ["apps", "infra"],
                    timeout: .seconds(10)
                )
            ]
        )
        let owner = OwnerSettings(manager: "acme-*", kinds: ["Deployment"], fields: ["spec.replicas"])
        #expect(settings.drift == DriftSettings(owners: [owner]))
        #expect(settings.git == GitSettings(authorName: "On call", authorEmail: "oncall@example.org"))
    }

    @Test(arguments: [
        (
            "[general]\nread_onyl = true",
            "config.toml:2: general.read_onyl: unknown key; did you mean read_only?"
        ),
        ("[genral]\n", "config.toml:1: genral: unknown key; did you mean general?"),
        ("[general]\nzzz = 1", "config.toml:2: general.zzz: unknown key"),
        ("[general]\nmouse = \"yes\"", "config.toml:2: general.mouse: is \"yes\"; expected true or false"),
        ("[general]\ntheme = 3", "config.toml:2: general.theme: is an integer; expected a text in quotes"),
        (
            "[general]\n\nfetch_interval = \"soon\"",
            "config.toml:3: general.fetch_interval: is \"soon\"; expected a duration like \"30s\" or \"5m\""
        ),
        (
            "[general]\nfetch_interval = \"1s\"",
            "config.toml:2: general.fetch_interval: is 1s; expected 5.0s or more"
        ),
        (
            "[[cluster]]\ncontext = \"a\"\n[[cluster]]\nname = \"b\"",
            "config.toml:3: cluster: has no context; expected the name of a kubeconfig context or a glob like "
                + "\"prod-*\""
        ),
        (
            "[[cluster]]\ncontext = \"prod-[\"",
            "config.toml:2: cluster.context: \"prod-[\" is no glob; expected *, ?, [abc] or plain letters"
        ),
        (
            "[[cluster]]\ncontext = \"prod-*\"\nname = \"x\"",
            "config.toml:3: cluster.name: one name for all that \"prod-*\" names; expected a context without * ? [ ]"
        ),
        (
            "[cluster]\ncontext = \"a\"",
            "config.toml:1: cluster: is a table; expected [[cluster]] with double brackets"
        ),
        (
            "[[cluster]]\ncontext = \"a\"\nnamespaces = [1]",
            "config.toml:3: cluster.namespaces: is an array; expected a text or a list of texts"
        ),
        (
            "[keys]\nresync = \"Ctrl-Shift-Q\"",
            "config.toml:2: keys.resync: \"Ctrl-Shift-Q\" is no key; expected R, Ctrl-r, Alt-x, F5, Space, PgDn …"
        ),
        (
            "[[drift.owner]]\nkinds = [\"Deployment\"]",
            "config.toml:1: drift.owner: has no manager; expected a name as in managedFields, like \"acme-operator\""
        ),
        (
            "[[drift.owner]]\nmanager = \"*\"",
            "config.toml:2: drift.owner.manager: \"*\" is too wide; expected a name, with * at its end only"
        ),
        ("[keys]\nresnyc = \"R\"", "config.toml:2: keys.resnyc: unknown command; did you mean resync?"),
        (
            "[keys]\nresume = \"v\"\nsuspend = \"v\"",
            "config.toml:3: keys.suspend: v is given to resume already"
        ),
        ("[keys]\nquit = []", "config.toml:2: keys.quit: nothing would end weir; Ctrl-c stays"),
    ])
    func `a slip is told with its line, its key and what was expected`(text: String, expected: String) {
        #expect(read(text).1 == [expected])
    }

    @Test func `a wrong entry takes nothing else down`() {
        let (settings, diagnostics) = read(
            """
            [general]
            mouse = 3
            read_only = true
            [[cluster]]
            name = "no context"
            [[cluster]]
            context = "prod"
            protected = "yes"
            group = "production"
            [keys]
            resync = ["nonsense", "v"]
            """
        )
        #expect(diagnostics.count == 4)
        #expect(settings.general.isReadOnly)
        #expect(settings.general.usesMouse)
        #expect(settings.clusters == [ClusterRule(context: "prod", group: "production", isProtected: true)])
        #expect(settings.keymap.lookup(.character("v")) == .resync)
    }

    @Test(arguments: [
        "[general]\nread_only = yes\n",
        "[general]\nread_only = \"true\"\n",
        "[[cluster]]\ncontext = \"prod\"\nprotected = yes\n",
        String(repeating: "= =\n", count: 100),
    ])
    func `what protects is not lost to a slip`(text: String) {
        let (settings, diagnostics) = read(text)
        #expect(!diagnostics.isEmpty)
        #expect(settings.general.isReadOnly)
    }

    @Test func `a line that is no TOML is left out and the rest is read`() {
        let (settings, diagnostics) = read("[general]\nmouse = = false\nread_only = true\n")
        #expect(diagnostics.count == 1)
        #expect(diagnostics.first?.hasPrefix("config.toml:2: this is no TOML: ") == true)
        #expect(settings.general.isReadOnly)
    }

    @Test func `a key that a line gives away is taken from its default command`() {
        let (settings, diagnostics) = read("[keys]\nsuspend = \"R\"\nresync = []")
        #expect(diagnostics.isEmpty)
        #expect(settings.keymap.lookup(.character("R")) == .suspend)
        #expect(settings.keymap.keys(for: .suspend) == [.character("R")])
        #expect(settings.keymap.keys(for: .resync).isEmpty)
    }

    @Test func `of the rules that name a context the later one wins`() {
        let (settings, _) = read(
            """
            [[cluster]]
            context = "prod-*"
            group = "production"
            protected = true
            [[cluster]]
            context = "prod-eu"
            protected = false
            name = "Frankfurt"
            """
        )
        let rule = settings.rule(forContext: "prod-eu")
        #expect(rule?.group == "production")
        #expect(rule?.isProtected == false)
        #expect(rule?.name == "Frankfurt")
        #expect(settings.rule(forContext: "prod-us")?.isProtected == true)
        #expect(settings.rule(forContext: "dev") == nil)
    }
}

struct GlobTests {
    @Test(arguments: [
        ("prod-*", "prod-eu", true), ("prod-*", "prod-", true), ("prod-*", "preprod-eu", false),
        ("*-eu-*", "a-eu-b-eu-c", true), ("*eu", "prod-eu-1", false), ("*", "", true),
        ("edge-0?", "edge-01", true), ("edge-0?", "edge-0", false),
        ("edge-[12]", "edge-2", true), ("edge-[a-c]x", "edge-bx", true), ("edge-[!a]", "edge-a", false),
        ("edge-[!a]", "edge-b", true), ("dev", "dev", true), ("dev", "devs", false),
        ("a*b*c", "aXbXbXc", true), ("a*b*c", "aXbXbX", false), ("arn:*/dev", "arn:aws:eks/dev", true),
    ])
    func `a pattern names what it should`(pattern: String, name: String, expected: Bool) {
        #expect(Glob(pattern)?.matches(name) == expected)
    }

    @Test(arguments: ["", "a[", "a[b", "[z-a]"])
    func `what is no pattern is refused`(pattern: String) {
        #expect(Glob(pattern) == nil)
    }
}

struct CommandTests {
    @Test func `no default key is given twice`() {
        let keys = Command.defaultKeys.map(\.0)
        #expect(Set(keys).count == keys.count)
    }

    @Test func `every command but the screenshot has a key`() {
        let bound = Set(Command.defaultKeys.map(\.1))
        #expect(Command.allCases.filter { !bound.contains($0) } == [.screenshot])
    }

    @Test func `nothing that changes anything is on a key of vim's reflexes`() {
        let reflexes: [Character] = [
            "h", "j", "k", "l", "g", "G", "n", "N", "d", "u", "y", "p", "w", "b", "x", "i",
        ]
        for character in reflexes {
            #expect(Command.defaultKeymap.lookup(.character(character))?.isMutating != true)
            #expect(Command.defaultKeymap.lookup(.control(character))?.isMutating != true)
        }
    }

    @Test func `names in the settings are words of small letters`() {
        for command in Command.allCases {
            #expect(command.rawValue.allSatisfy { $0.isLowercase || $0 == "_" })
            #expect(!command.summary.isEmpty)
        }
    }
}
