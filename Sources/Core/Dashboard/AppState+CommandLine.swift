import Chrono
import Configuration
import Git
import Keys
import Kube

/// A word that can be typed after `:`.
struct CommandWord {
    enum Argument {
        case none, cluster, sortColumn, repository, file, filterText
    }

    let word: String
    let aliases: [String]
    let argument: Argument
    let command: Command?
    let text: String

    init(
        _ word: String,
        _ aliases: [String] = [],
        _ command: Command? = nil,
        _ argument: Argument = .none,
        text: String? = nil
    ) {
        self.word = word
        self.aliases = aliases
        self.argument = argument
        self.command = command
        self.text = text ?? command?.summary ?? ""
    }

    static let all: [CommandWord] = [
        CommandWord("fleet", ["home"], .viewFleet),
        CommandWord("matrix", ["versions"], .viewMatrix),
        CommandWord("commits", ["log"], .viewCommits, .repository),
        CommandWord("convergence", ["rollout"], .viewConvergence),
        CommandWord("drift", [], .viewDrift),
        CommandWord("events", ["ev"], .viewEvents),
        CommandWord("rollouts", ["resyncs"], .viewRollouts),
        CommandWord("audit", ["ledger"], .viewAudit),
        CommandWord("wall", ["monitor"], .wall),
        CommandWord("resync", ["reconcile"], .resync),
        CommandWord("resync-with-source", ["with-source"], .resyncWithSource),
        CommandWord("force", [], .force),
        CommandWord("suspend", [], .suspend),
        CommandWord("resume", [], .resume),
        CommandWord("rollback", ["revert"], .rollBack),
        CommandWord("put-back", [], .putBack),
        CommandWord("range", [], .selectRange),
        CommandWord("undo", [], .undo),
        CommandWord("cancel", [], nil, text: "cancel resyncs that have not started"),
        CommandWord("describe", ["summary"], .describe),
        CommandWord("yaml", [], .yaml),
        CommandWord("tree", ["inventory"], .tree),
        CommandWord("diff", [], .diff),
        CommandWord("logs", [], .logs),
        CommandWord("object-events", [], .events),
        CommandWord("fetch", [], .fetch),
        CommandWord("path", [], .limitToPath),
        CommandWord("copy", [], .copy),
        CommandWord("address", ["url"], .showAddress),
        CommandWord("mark", [], .mark),
        CommandWord("mark-all", [], .markAll),
        CommandWord("cluster", ["context", "ctx"], nil, .cluster, text: "select a cluster"),
        CommandWord("filter", [], nil, .filterText, text: "filter the list"),
        CommandWord("sort", [], .sort, .sortColumn),
        CommandWord("fold", [], .fold),
        CommandWord("enlarge", ["zoom"], .enlarge),
        CommandWord("shrink", [], .shrink),
        CommandWord("open", [], .open),
        CommandWord("back", [], .back),
        CommandWord("hold", [], .hold),
        CommandWord("refresh", [], .refresh),
        CommandWord("theme", ["skin"], .theme),
        CommandWord("redraw", [], .redraw),
        CommandWord("background", [], .stopProcess),
        CommandWord("screenshot", ["save-display"], .screenshot, .file),
        CommandWord("help", ["h"], .help),
        CommandWord("quit", ["q", "exit"], .quit),
    ]

    static func named(_ word: String) -> CommandWord? {
        all.first { $0.word == word || $0.aliases.contains(word) }
    }
}

// Commands that are typed.
extension AppState {
    mutating func runLine(_ line: String, _ now: Timestamp) -> [Effect] {
        let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
        guard let first = parts.first?.lowercased() else {
            return []
        }
        let rest = parts.count > 1 ? parts[1].trimmed : ""
        if let word = CommandWord.named(first) {
            return run(word, rest, now)
        }
        if let kind = FluxKind.named(first) {
            _ = show(.viewFleet, now)
            setFocus(.sync)
            fleet.filters[.sync] = Filter("kind:\(kind.short)" + (rest.isEmpty ? "" : " \(rest)"))
            return []
        }
        let near = CommandWord.all.map(\.word).filter { $0.hasPrefix(first.prefix(2)) }
        let advice = near.isEmpty ? "" : ": did you mean \(near.prefix(3).joined(separator: ", "))?"
        notice("there is no command \(first)\(advice)", .problem, now)
        return []
    }

    private mutating func run(_ word: CommandWord, _ rest: String, _ now: Timestamp) -> [Effect] {
        switch word.argument {
        case .cluster: selectCluster(named: rest, now)
        case .filterText:
            startFilter(now)
            if case .prompt(let prompt) = modal {
                modal = .prompt(prompt)
                return type(rest, now)
            }
        case .sortColumn where !rest.isEmpty: sort(by: rest, now)
        case .repository where !rest.isEmpty: return openCommits(named: rest, now)
        case .file where !rest.isEmpty: return [.saveScreenshot(path: rest)]
        case .none, .sortColumn, .repository, .file:
            if word.word == "cancel" {
                cancelQueued(now)
            } else if let command = word.command {
                return run(command, now)
            }
        }
        return []
    }

    /// Types a text into the open prompt and ends it.
    private mutating func type(_ text: String, _ now: Timestamp) -> [Effect] {
        guard case .prompt(var prompt) = modal else {
            return []
        }
        prompt.input.set(text)
        return press(.enter, in: prompt, now)
    }

    private mutating func selectCluster(named name: String, _ now: Timestamp) {
        let wanted = profiles.first { $0.displayName == name || $0.id.name == name }
        guard
            let wanted = wanted ?? profiles.first(where: { $0.displayName.hasPrefix(name) && !name.isEmpty })
        else {
            notice("no cluster is called \(name)", .problem, now)
            return
        }
        _ = show(.viewFleet, now)
        fleet.filters[.clusters] = nil
        settle()
        fleet.clusterCursor.select(id: wanted.id, in: fleet.clusterRows, height: height(of: .clusters))
    }

    private mutating func sort(by column: String, _ now: Timestamp) {
        if fleet.focus == .clusters, let sort = ClusterSort(rawValue: column) {
            fleet.clusterSort = sort
        } else if fleet.focus != .clusters, let sort = SyncSort(rawValue: column) {
            fleet.syncSort = sort
        } else {
            notice("there is no column \(column): \(sortColumns.joined(separator: ", "))", .problem, now)
        }
    }

    private var sortColumns: [String] {
        fleet.focus == .clusters ? ClusterSort.allCases.map(\.rawValue) : SyncSort.allCases.map(\.rawValue)
    }

    private mutating func openCommits(named name: String, _ now: Timestamp) -> [Effect] {
        let known = demands.first { $0.id.name == name || $0.id.address == name || $0.url == name }
        guard let known else {
            notice("no source reads a repository called \(name)", .problem, now)
            return []
        }
        let source = clusters.values.flatMap(\.tracks).filter { $0.isSource && $0.repository == known.id }
            .min { $0.ref < $1.ref }
        return openCommits(of: source?.ref, now)
    }

    // MARK: Completion

    /// What the line could become, best first.
    func completions(_ line: String) -> [Completion] {
        guard let space = line.firstIndex(of: " ") else {
            let typed = line.lowercased()
            let direct = CommandWord.all.filter { $0.word.hasPrefix(typed) }
            // Words that are known by another name come after those that are meant by their own.
            let others = CommandWord.all.filter { word in
                !word.word.hasPrefix(typed) && word.aliases.contains { $0.hasPrefix(typed) }
            }
            let words = direct + others
            let kinds = FluxKind.all.filter { !typed.isEmpty && $0.short.hasPrefix(typed) }
            return words.map { Completion(line: $0.word, text: $0.text) }
                + kinds.map { Completion(line: $0.short, text: "only \($0.plural)") }
        }
        guard let word = CommandWord.named(line[..<space].lowercased()) else {
            return []
        }
        let typed = line[line.index(after: space)...]
        let choices: [String] =
            switch word.argument {
            case .cluster: profiles.map(\.displayName)
            case .sortColumn: sortColumns
            case .repository: demands.map(\.id.name)
            case .none, .file, .filterText: []
            }
        return choices.filter { $0.hasPrefix(typed) && $0 != typed }
            .map { Completion(line: "\(word.word) \($0)", text: "") }
    }
}

extension String {
    /// Without spaces at its ends.
    fileprivate var trimmed: String {
        var rest = self[...]
        while rest.first == " " {
            rest.removeFirst()
        }
        while rest.last == " " {
            rest.removeLast()
        }
        return String(rest)
    }
}
