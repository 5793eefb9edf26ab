package import Configuration
import Chrono
import Keys
import Kube

// Help and hints: both read the same table of what works here now.
extension AppState {
    /// The most useful commands here, for the line at the bottom, best first.
    package var hints: [HelpLine] {
        let wanted: [Command] =
            switch screen {
            case .fleet where fleet.focus == .clusters: [.open, .filter, .sort, .commandPrompt, .help]
            case .drift:
                [
                    .resync, .suspend, .open, .diff, .viewCommits, .sort, .filter, .resume, .rollBack,
                    .commandPrompt, .help,
                ]
            case .fleet:
                [
                    .resync, .resyncWithSource, .suspend, .resume, .rollBack, .open, .filter, .commandPrompt,
                    .help,
                ]
            case .matrix: [.open, .resync, .filter, .back, .help]
            case .commits:
                [
                    .rollBack, .mark, .selectRange, .putBack, .diff, .fetch, .filter, .limitToPath, .copy,
                    .back, .help,
                ]
            case .events: [.open, .filter, .back, .help]
            case .rollouts: [.open, .resume, .undo, .viewAudit, .back, .help]
            case .audit: [.filter, .refresh, .back, .help]
            case .convergence: [.undo, .viewRollouts, .back, .help]
            case .resource:
                resource?.tab == .drift
                    ? [.diff, .resync, .suspend, .resume, .viewCommits, .rollBack, .yaml, .back, .help]
                    : [
                        .resync, .resyncWithSource, .suspend, .resume, .rollBack, .yaml, .tree, .logs, .back,
                        .help,
                    ]
            case .wall: [.backOrQuit, .mark, .help]
            }
        return wanted.filter { works($0) && !($0 == .diff && isComparingRefused) }.map {
            line(for: $0, isHint: true)
        }
    }

    /// True where an exact comparison would be refused: the key says why, and is not offered.
    private var isComparingRefused: Bool {
        showsDrift && selectedRef.map { isReadOnly($0.cluster) } ?? isReadOnly
    }

    /// Everything that works here now, by topic.
    package var helpLines: [HelpLine] {
        let lines = Command.allCases.filter { works($0) }.map { line(for: $0, isHint: false) }
        return Command.topics.flatMap { topic in lines.filter { $0.topic == topic } }
    }

    /// True where a command does something on this screen, in this process.
    package func works(_ command: Command) -> Bool {
        if command.isMutating, isReadOnly {
            return false
        }
        if isMonitor {
            return [.backOrQuit, .quit, .mark, .help, .redraw, .stopProcess].contains(command)
        }
        let isFleet = screen == .fleet
        switch command {
        case .resync, .resyncWithSource, .suspend, .resume, .describe, .yaml, .events, .tree, .logs:
            return selectedRef != nil || !marks.isEmpty
        case .force:
            return actionTargets.contains { $0.kind == FluxKind.helmRelease.kind }
        case .rollBack: return selectedRef != nil || screen == .commits
        case .undo: return !undoables.isEmpty
        case .sort: return isFleet || screen == .drift
        case .fold, .enlarge, .shrink: return isFleet
        case .mark: return [.fleet, .drift, .matrix, .wall, .commits].contains(screen)
        case .markAll: return [.fleet, .drift, .matrix].contains(screen)
        case .selectRange, .putBack: return screen == .commits && !commits.commits.isEmpty
        case .filter: return [.fleet, .matrix, .commits, .drift, .events, .audit].contains(screen)
        case .limitToPath: return screen == .commits
        case .diff: return screen == .commits || showsDrift
        case .nextMatch, .previousMatch: return focusedList.count > 0
        case .viewConvergence: return !rollouts.convergences.isEmpty
        case .fetch: return screen == .commits || selectedRef != nil
        case .showAddress: return commitAddress != nil
        default: return true
        }
    }

    private func line(for command: Command, isHint: Bool) -> HelpLine {
        HelpLine(
            command: command,
            keys: settings.keymap.keys(for: command).map(\.notation),
            text: words(for: command, isHint: isHint),
            topic: command.topic
        )
    }

    private func words(for command: Command, isHint: Bool) -> String {
        switch command {
        case .mark where screen == .wall: isHint ? "stay on this page" : "stay on this page, or go on turning"
        case .backOrQuit where isMonitor: "quit"
        case .undo where !isHint: undoWords.map { "undo: \($0)" } ?? command.summary
        case .filter where !isHint:
            filterTerms.line.isEmpty ? command.summary : "filter: \(filterTerms.line)"
        default: isHint ? command.label : command.summary
        }
    }

    mutating func openHelp() {
        let lines = helpLines
        var help = HelpState(all: lines, shown: lines)
        help.cursor.settle(in: lines, height: listHeight)
        modal = .help(help)
    }

    mutating func press(_ key: Key, in help: HelpState, _ now: Timestamp) -> [Effect] {
        var help = help
        let command = settings.keymap.lookup(key)
        switch key {
        case .escape where help.isFiltering && !help.input.text.isEmpty:
            help.input.set("")
            help.isFiltering = false
        case .escape:
            modal = nil
            return []
        case .enter:
            modal = nil
            return help.cursor.selected.map { run($0.command, now) } ?? []
        case .up, .down, .pageUp, .pageDown, .home, .end: help.move(command, height: listHeight)
        default:
            if help.isFiltering {
                _ = help.input.type(key)
            } else if command == .filter {
                help.isFiltering = true
            } else if command == .help || command == .backOrQuit {
                modal = nil
                return []
            } else {
                help.move(command, height: listHeight)
            }
        }
        help.refilter(height: listHeight)
        modal = .help(help)
        return []
    }
}

extension HelpState {
    mutating func move(_ command: Command?, height: Int) {
        let motion: Motion? =
            switch command {
            case .moveDown: .rows(1)
            case .moveUp: .rows(-1)
            case .moveTop: .top
            case .moveBottom: .bottom
            case .halfPageDown: .halfPages(1)
            case .halfPageUp: .halfPages(-1)
            case .pageDown: .halfPages(2)
            case .pageUp: .halfPages(-2)
            default: nil
            }
        if let motion {
            let target = motion.target(from: cursor.index, count: shown.count, height: height)
            cursor.select(target, in: shown, height: height)
        }
    }

    mutating func refilter(height: Int) {
        let words = input.text.lowercased().split(separator: " ").map(String.init)
        let found = all.filter { line in
            words.allSatisfy { word in
                line.text.contains(lowered: word) || line.topic.contains(lowered: word)
                    || line.keys.contains { $0.lowercased() == word }
            }
        }
        if found != shown {
            shown = found
            cursor.settle(in: shown, height: height)
        }
    }
}

extension Command {
    /// The headings of help, in their order: what changes something first.
    static let topics = ["Change", "Look", "Lists", "Views", "Move", "weir"]

    /// The heading under which help lists it.
    package var topic: String {
        switch self {
        case .moveDown, .moveUp, .moveTop, .moveBottom, .halfPageDown, .halfPageUp, .pageDown, .pageUp, .left,
            .right, .nextPane, .previousPane, .nextMatch, .previousMatch:
            "Move"
        case .viewFleet, .viewMatrix, .viewCommits, .viewConvergence, .viewDrift, .viewEvents, .viewRollouts,
            .viewAudit, .wall:
            "Views"
        case .resync, .resyncWithSource, .force, .suspend, .resume, .rollBack, .putBack, .undo: "Change"
        case .open, .describe, .yaml, .events, .tree, .diff, .logs, .fetch, .limitToPath, .copy, .showAddress:
            "Look"
        case .filter, .mark, .markAll, .selectRange, .sort, .fold, .enlarge, .shrink: "Lists"
        case .back, .backOrQuit, .quit, .commandPrompt, .help, .refresh, .hold, .theme, .redraw, .stopProcess,
            .screenshot:
            "weir"
        }
    }
}
