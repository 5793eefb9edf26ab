import Chrono
import Configuration
import Dashboard
import Git
import Keys
import Kube
import Testing

struct CommandLineTests {
    /// Keys that move, and those that open a line to type in, have no word.
    private static let wordless: Set<Command> = [
        .moveDown, .moveUp, .moveTop, .moveBottom, .halfPageDown, .halfPageUp, .pageDown, .pageUp, .left,
        .right, .nextPane, .previousPane, .nextMatch, .previousMatch, .commandPrompt, .backOrQuit, .filter,
    ]

    @Test func `every action and view has a word, and every word its completion`() {
        var rehearsal = Rehearsal(["a"])
        rehearsal.type(":")
        let texts = Set((rehearsal.prompt?.completions ?? []).map(\.text))
        for command in Command.allCases where !Self.wordless.contains(command) {
            #expect(texts.contains(command.summary), "\(command.rawValue)")
        }
    }

    @Test func `every line of help fits a small terminal`() {
        for command in Command.allCases {
            #expect(command.summary.utf8.count <= 50, "\(command.rawValue)")
        }
    }

    private func fleet() -> Rehearsal {
        var rehearsal = Rehearsal(["prod-eu", "prod-us", "dev"])
        rehearsal.show("prod-eu", [Sample.source("prod-eu"), Sample.applier("prod-eu", "apps/x")])
        rehearsal.type(":cluster prod-eu<Enter>")
        return rehearsal
    }

    @Test(arguments: [
        ("fleet", Screen.fleet), ("matrix", .matrix), ("commits", .commits), ("log", .commits),
        ("drift", .drift),
        ("events", .events), ("rollouts", .rollouts), ("wall", .wall), ("FLEET", .fleet),
    ])
    func `every view has a command`(line: String, screen: Screen) {
        var rehearsal = fleet()
        rehearsal.type(":\(line)<Enter>")
        #expect(rehearsal.state.screen == screen)
        #expect(rehearsal.state.modal == nil)
    }

    @Test func `every command of the keymap can be typed or moves`() {
        let typed = Set(CommandWordNames.all)
        let movement: Set<Command> = [
            .moveDown, .moveUp, .moveTop, .moveBottom, .halfPageDown, .halfPageUp, .pageDown, .pageUp, .left,
            .right, .nextPane, .previousPane, .nextMatch, .previousMatch, .open, .back, .backOrQuit, .mark,
            .enlarge, .shrink, .commandPrompt, .stopProcess, .events, .filter,
        ]
        let missing = Set(Command.allCases).subtracting(movement).subtracting(typed)
        #expect(missing.isEmpty)
    }

    @Test func `a kind as a command filters the sync pane`() {
        var rehearsal = fleet()
        rehearsal.type(":ks<Enter>")
        #expect(rehearsal.state.fleet.focus == .sync)
        #expect(rehearsal.state.fleet.syncRows.map(\.ref.name) == ["x"])
        rehearsal.type(":kustomizations apps<Enter>")
        #expect(rehearsal.state.fleet.filters[.sync]?.text == "kind:ks apps")
    }

    @Test func `clusters are selected by name or by its beginning`() {
        var rehearsal = fleet()
        rehearsal.type(":cluster dev<Enter>")
        #expect(rehearsal.state.fleet.cluster == ClusterID("dev"))
        rehearsal.type(":ctx prod-u<Enter>")
        #expect(rehearsal.state.fleet.cluster == ClusterID("prod-us"))
        rehearsal.type(":cluster nowhere<Enter>")
        #expect(rehearsal.notices.last == "no cluster is called nowhere")
    }

    @Test func `a slip is told with what may have been meant`() {
        var rehearsal = fleet()
        rehearsal.type(":matrxi<Enter>")
        #expect(rehearsal.notices == ["there is no command matrxi: did you mean matrix, mark, mark-all?"])
        #expect(rehearsal.type(":<Enter>").isEmpty)
    }

    @Test func `commands give the effects of their keys`() {
        var rehearsal = fleet()
        #expect(rehearsal.type(":q<Enter>") == [.quit])
        #expect(rehearsal.type(":theme<Enter>") == [.nextTheme])
        #expect(rehearsal.type(":screenshot /tmp/a b.txt<Enter>") == [.saveScreenshot(path: "/tmp/a b.txt")])
        #expect(rehearsal.type(":redraw<Enter>") == [.redrawScreen])
        #expect(rehearsal.type(":refresh<Enter>") == [.refresh(ClusterID("prod-eu"))])
        rehearsal.select(Sample.ref("prod-eu", .kustomization, "apps/x"))
        rehearsal.type(":suspend<Enter>")
        #expect(rehearsal.confirmation?.action == .suspend)
    }

    @Test func `Tab completes, again takes the next, Esc leaves`() {
        var rehearsal = fleet()
        rehearsal.type(":re")
        #expect(
            rehearsal.prompt?.completions.map(\.line)
                == [
                    "resync", "resync-with-source", "resume", "refresh", "redraw", "rollouts", "rollback",
                    "receiver", "report",
                ]
        )
        rehearsal.type("<Ctrl-u>resy<Tab>")
        #expect(rehearsal.prompt?.input.text == "resync")
        rehearsal.type("<Tab>")
        #expect(rehearsal.prompt?.input.text == "resync-with-source")
        rehearsal.type("<Shift-Tab>")
        #expect(rehearsal.prompt?.input.text == "resync")
        rehearsal.type("<Esc>")
        #expect(rehearsal.state.modal == nil)
    }

    @Test func `arguments are completed too`() {
        var rehearsal = fleet()
        rehearsal.type(":cluster pr")
        #expect(rehearsal.prompt?.completions.map(\.line) == ["cluster prod-eu", "cluster prod-us"])
        rehearsal.type("<Ctrl-u>sort w")
        #expect(rehearsal.prompt?.completions.map(\.line) == ["sort worst"])
        rehearsal.type("<Ctrl-u>commits ")
        #expect(rehearsal.prompt?.completions.map(\.line) == ["commits fleet"])
    }

    @Test func `an empty prompt closes with Backspace`() {
        var rehearsal = fleet()
        rehearsal.type(":a<Backspace>")
        #expect(rehearsal.prompt != nil)
        rehearsal.type("<Backspace>")
        #expect(rehearsal.prompt == nil)
    }
}

/// The commands that can be typed, by trying every completion of an empty line.
private enum CommandWordNames {
    static var all: [Command] {
        var rehearsal = Rehearsal(["a"])
        rehearsal.type(":")
        let words = rehearsal.prompt?.completions.map(\.text) ?? []
        return Command.allCases.filter { words.contains($0.summary) }
    }
}

struct HelpTests {
    private func fleet() -> Rehearsal {
        var rehearsal = Rehearsal()
        rehearsal.show("prod-eu", [Sample.source("prod-eu"), Sample.applier("prod-eu", "apps/x")])
        rehearsal.select(Sample.ref("prod-eu", .kustomization, "apps/x"))
        return rehearsal
    }

    @Test func `help lists what works here and leaves out what does not`() {
        var rehearsal = fleet()
        rehearsal.type("?")
        let commands = rehearsal.help?.all.map(\.command) ?? []
        #expect(commands.contains(.resync))
        #expect(!commands.contains(.limitToPath))
        #expect(!commands.contains(.undo))
        #expect(rehearsal.help?.all.first { $0.command == .moveDown }?.keys == ["j", "Down"])
    }

    @Test func `a read-only process offers no change`() {
        var rehearsal = Rehearsal(isReadOnly: true)
        rehearsal.show("prod-eu", [Sample.applier("prod-eu", "apps/x")])
        rehearsal.select(Sample.ref("prod-eu", .kustomization, "apps/x"))
        rehearsal.type("?")
        #expect(rehearsal.help?.all.contains { $0.command.isMutating } == false)
        #expect(!rehearsal.state.hints.contains { $0.command.isMutating })
    }

    @Test func `help is filtered, and Enter runs the line`() {
        var rehearsal = fleet()
        rehearsal.type("?/suspend")
        #expect(rehearsal.help?.shown.map(\.command) == [.suspend])
        rehearsal.type("<Enter>")
        #expect(rehearsal.confirmation?.action == .suspend)
    }

    @Test func `moving in help stays in help`() {
        var rehearsal = fleet()
        rehearsal.type("?jjk")
        #expect(rehearsal.help?.cursor.index == 1)
        rehearsal.type("G")
        #expect(rehearsal.help?.cursor.index == (rehearsal.help?.shown.count ?? 0) - 1)
        rehearsal.type("/zzz")
        #expect(rehearsal.help?.shown.isEmpty == true)
        rehearsal.type("<Esc>")
        #expect(rehearsal.help?.shown.isEmpty == false)
        rehearsal.type("<Esc>")
        #expect(rehearsal.state.modal == nil)
    }

    @Test func `keys that the settings changed are shown and work`() {
        let (settings, _) = Settings.read("[keys]\nresync = \"v\"", file: "config.toml")
        var state = AppState(settings: settings, profiles: [ClusterProfile(id: ClusterID("a"))])
        _ = reduce(
            &state,
            .clusterChanged(Sample.snapshot("a", [Sample.applier("a", "apps/x")])),
            now: Sample.start
        )
        for key in [Key.tab, .character("v")] {
            _ = reduce(&state, .keyPressed(key), now: Sample.start)
        }
        guard case .confirm(let confirmation) = state.modal else {
            Issue.record("no question was asked")
            return
        }
        #expect(confirmation.action == .resync(withSource: false, force: false))
    }

    @Test func `hints are those of the place`() {
        var rehearsal = fleet()
        #expect(rehearsal.state.hints.map(\.command).prefix(2) == [.resync, .resyncWithSource])
        rehearsal.type("3")
        #expect(rehearsal.state.hints.first?.command == .rollBack)
    }
}
