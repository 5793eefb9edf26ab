import Chrono
import Configuration
import Git
import Keys
import Kube

// From keys to commands.
extension AppState {
    mutating func press(_ key: Key, _ now: Timestamp) -> [Effect] {
        hasOperator = true
        if case .mouse(let event) = key {
            // Views say what was hit; the wheel needs no target.
            switch event.kind {
            case .wheelUp: return point(at: .wheel(rows: -3), now)
            case .wheelDown: return point(at: .wheel(rows: 3), now)
            case .press, .release: return []
            }
        }
        let command = settings.keymap.lookup(key)
        if command != .quit, command != .backOrQuit {
            // What is typed at the prompt may be `:quit` once more.
            isLeaving = isLeaving && (command == .commandPrompt || isTyping)
        } else if isLeaving, !isTyping || key.typed == nil {
            return quit()
        }
        // These work whatever lies over the screen.
        switch command {
        case .quit where !isTyping || key.typed == nil:
            guard openRollback?.isCommitted == true else {
                return quit()
            }
            changeRollback { $0.problem = "it is being pushed: wait for the answer, then quit" }
            return []
        case .stopProcess where key.typed == nil: return [.suspendProcess]
        case .redraw where key.typed == nil: return [.redrawScreen]
        default: break
        }
        if let first = secrets.first {
            return press(key, in: first, now)
        }
        switch modal {
        case .help(let help): return press(key, in: help, now)
        case .prompt(let prompt): return press(key, in: prompt, now)
        case .confirm(let confirmation): return press(key, in: confirmation, now)
        case .rollback(let rollback): return press(key, in: rollback, now)
        case nil:
            return command.map { run($0, now) } ?? []
        }
    }

    /// True while characters go into a text.
    package var isTyping: Bool {
        guard secrets.isEmpty else {
            return true
        }
        return switch modal {
        case .help(let help): help.isFiltering
        case .prompt: true
        case .confirm(let confirmation): confirmation.focus == .name || confirmation.focus == .reason
        case .rollback(let rollback):
            rollback.editsBody || [.name, .subject, .reason, .branch].contains(rollback.focus)
        case nil: false
        }
    }

    mutating func point(at target: PointerTarget, _ now: Timestamp) -> [Effect] {
        hasOperator = true
        guard secrets.isEmpty else {
            return []
        }
        switch target {
        case .wheel(let rows): return modal == nil ? move(.rows(rows), now) : scrollModal(by: rows)
        case .command(let name):
            guard let command = Command(rawValue: name) else {
                return []
            }
            if modal != nil, let key = settings.keymap.keys(for: command).first {
                return press(key, now)
            }
            return modal == nil ? run(command, now) : []
        case .modalRow(let index):
            chooseModalRow(index)
            return []
        case .pane(let pane) where modal == nil && screen == .fleet: setFocus(pane)
        case .fleetRow(let pane, let index) where modal == nil && screen == .fleet:
            setFocus(pane)
            select(index, now)
        case .row(let index) where modal == nil: select(index, now)
        case .pane, .fleetRow, .row: break
        }
        return []
    }

    /// Runs a command where no modal is open.
    mutating func run(_ command: Command, _ now: Timestamp) -> [Effect] {
        guard !isMonitor || works(command) else {
            return []
        }
        switch command {
        case .moveDown: return move(.rows(1), now)
        case .moveUp: return move(.rows(-1), now)
        case .moveTop: return move(.top, now)
        case .moveBottom: return move(.bottom, now)
        case .halfPageDown: return move(.halfPages(1), now)
        case .halfPageUp: return move(.halfPages(-1), now)
        case .pageDown: return move(.halfPages(2), now)
        case .pageUp: return move(.halfPages(-2), now)
        case .left: return step(-1, isSideways: true)
        case .right: return step(1, isSideways: true)
        case .nextPane: return step(1, isSideways: false)
        case .previousPane: return step(-1, isSideways: false)
        case .viewFleet, .viewMatrix, .viewCommits, .viewConvergence, .viewDrift, .viewEvents, .viewRollouts,
            .viewAudit, .wall:
            return show(command, now)
        case .open: return open(now)
        case .back: back()
        case .backOrQuit: return backOrQuit()
        case .quit: return quit()
        case .filter: startFilter(now)
        case .nextMatch: jump(1, now)
        case .previousMatch: jump(-1, now)
        case .commandPrompt:
            modal = .prompt(Prompt(purpose: .command, before: "", completions: completions("")))
        case .help: openHelp()
        case .mark: mark(now)
        case .markAll: markAll()
        case .sort: sortByNextColumn()
        case .fold: toggleFold(now)
        case .enlarge: fleet.enlarged = screen == .fleet ? fleet.focus : nil
        case .shrink: fleet.enlarged = nil
        case .resync: confirmResync(withSource: false, force: false, now)
        case .resyncWithSource: confirmResync(withSource: true, force: false, now)
        case .force: confirmResync(withSource: false, force: true, now)
        case .suspend: confirmSuspension(true, of: actionTargets, now)
        case .resume: confirmSuspension(false, of: actionTargets, now)
        case .rollBack: return startRollback(now)
        case .undo: return undo(now)
        case .describe: return openResource(.summary, now)
        case .yaml: return openResource(.yaml, now)
        case .events: return openResource(.events, now)
        case .tree: return openResource(.tree, now)
        case .logs: return openResource(.logs, now)
        case .diff:
            if showsDrift {
                return showExactDrift(now)
            }
            toggleDiff(now)
        case .fetch: return fetchNow(now)
        case .limitToPath: return toggleLimit(now)
        case .selectRange: toggleRange(now)
        case .putBack: startPutBack(now)
        case .copy: return copySelection(now)
        case .showAddress: showAddress(now)
        case .refresh: return refreshNow(now)
        case .hold: return toggleHold(now)
        case .theme: return [.nextTheme]
        case .redraw: return [.redrawScreen]
        case .stopProcess: return [.suspendProcess]
        case .screenshot: return [.saveScreenshot(path: "weir-\(now.rfc3339.filter { $0 != ":" }).txt")]
        }
        return []
    }
}
