package import Keys

extension Command {
    /// The keys before any settings, in the order in which help shows them.
    ///
    /// - Shape: one pair a key; a command may have several; `screenshot` has none and is typed as `:screenshot`.
    package static let defaultKeys: [(Key, Command)] = [
        (.character("j"), .moveDown), (.down, .moveDown),
        (.character("k"), .moveUp), (.up, .moveUp),
        (.character("g"), .moveTop), (.home, .moveTop),
        (.character("G"), .moveBottom), (.end, .moveBottom),
        (.control("d"), .halfPageDown), (.control("u"), .halfPageUp),
        (.control("f"), .pageDown), (.pageDown, .pageDown),
        (.control("b"), .pageUp), (.pageUp, .pageUp),
        (.character("h"), .left), (.left, .left),
        (.character("l"), .right), (.right, .right),
        (.tab, .nextPane), (.backTab, .previousPane),
        (.character("1"), .viewFleet), (.character("2"), .viewMatrix),
        (.character("3"), .viewCommits), (.character("5"), .viewConvergence),
        (.character("6"), .viewDrift), (.character("7"), .viewEvents),
        (.character("8"), .viewRollouts), (.character("9"), .viewAudit), (.character("m"), .wall),
        (.enter, .open), (.escape, .back), (.character("q"), .backOrQuit),
        (.character("Q"), .quit), (.control("c"), .quit),
        (.character("/"), .filter), (.character("n"), .nextMatch), (.character("N"), .previousMatch),
        (.character(":"), .commandPrompt), (.character("?"), .help), (.function(1), .help),
        (.character(" "), .mark), (.character("*"), .markAll),
        (.character("S"), .sort), (.character("o"), .fold),
        (.character("+"), .enlarge), (.character("-"), .shrink),
        (.character("R"), .resync), (.character("W"), .resyncWithSource), (.character("F"), .force),
        (.character("s"), .suspend), (.character("r"), .resume),
        (.character("X"), .rollBack), (.character("4"), .rollBack), (.character("z"), .undo),
        (.character("v"), .selectRange), (.character("B"), .putBack),
        (.character("d"), .describe), (.character("y"), .yaml), (.character("e"), .events),
        (.character("t"), .tree), (.character("D"), .diff),
        (.character("L"), .logs),
        (.character("p"), .fetch), (.character("P"), .limitToPath),
        (.character("c"), .copy), (.character("O"), .showAddress),
        (.control("r"), .refresh), (.character("Z"), .hold), (.character("T"), .theme),
        (.control("l"), .redraw), (.control("z"), .stopProcess),
    ]

    /// The keymap before any settings.
    package static var defaultKeymap: Keymap<Command> {
        Keymap(defaults: defaultKeys)
    }
}
