import Chrono
import Configuration
import Git
import Keys
import Kube

// The line in which filters and commands are typed.
extension AppState {
    mutating func startFilter(_ now: Timestamp) {
        switch screen {
        case .fleet:
            let text = fleet.filters[fleet.focus]?.text ?? ""
            modal = .prompt(Prompt(purpose: .filterPane(fleet.focus), before: text, completions: []))
        case .matrix, .commits, .drift, .events, .audit:
            modal = .prompt(Prompt(purpose: .filterScreen, before: screenFilter, completions: []))
        case .rollouts, .resource, .convergence, .wall:
            notice("there is nothing to filter here", .told, now)
        }
    }

    /// The filter of the screen's list, as typed.
    package var screenFilter: String {
        switch screen {
        case .fleet: fleet.filters[fleet.focus]?.text ?? ""
        case .matrix: matrix.filter.text
        case .drift: drift.filter.text
        case .events: events.filter.text
        case .audit: audit.filter.text
        case .commits: commits.query?.text ?? ""
        case .rollouts, .resource, .convergence, .wall: ""
        }
    }

    mutating func press(_ key: Key, in prompt: Prompt, _ now: Timestamp) -> [Effect] {
        var prompt = prompt
        switch key {
        case .escape:
            modal = nil
            setFilter(prompt.before, for: prompt.purpose, isFinal: true)
            return []
        case .enter:
            modal = nil
            switch prompt.purpose {
            case .command: return runLine(prompt.input.text, now)
            case .putBack(let commit): return putBack(prompt.input.text, to: commit, now)
            case .filterPane, .filterScreen: break
            }
            setFilter(prompt.input.text, for: prompt.purpose, isFinal: true)
            if let problem = filterTerms.problem(of: Filter(prompt.input.text)) {
                notice(problem, .problem, now)
            }
            return []
        case .backspace where prompt.input.text.isEmpty:
            modal = nil
            return []
        case .tab where prompt.purpose.completes: prompt.choose(1)
        case .backTab where prompt.purpose.completes: prompt.choose(-1)
        case .down where prompt.purpose.completes: prompt.choose(1)
        case .up where prompt.purpose.completes: prompt.choose(-1)
        default:
            guard prompt.input.type(key) else {
                return []
            }
            prompt.chosen = nil
            switch prompt.purpose {
            case .command: prompt.completions = completions(prompt.input.text)
            case .putBack:
                prompt.completions =
                    commits.query.map { pathCompletions(prompt.input.text, in: $0.repository) } ?? []
            case .filterPane, .filterScreen:
                setFilter(prompt.input.text, for: prompt.purpose, isFinal: false)
            }
        }
        modal = .prompt(prompt)
        return []
    }

    /// Filters as it is typed; a log is asked for when it is complete only.
    private mutating func setFilter(_ text: String, for purpose: Prompt.Purpose, isFinal: Bool) {
        let filter = Filter(text)
        switch purpose {
        case .command, .putBack: break
        case .filterPane(let pane): fleet.filters[pane] = filter.isEmpty ? nil : filter
        case .filterScreen:
            switch screen {
            case .matrix: matrix.filter = filter
            case .drift: drift.filter = filter
            case .events: events.filter = filter
            case .audit: audit.filter = filter
            case .commits:
                if isFinal, var query = commits.query, query.text != text {
                    query.text = text
                    show(query)
                }
            case .fleet, .rollouts, .resource, .convergence, .wall: break
            }
        }
    }

    mutating func chooseModalRow(_ index: Int) {
        switch modal {
        case .prompt(var prompt) where prompt.completions.indices.contains(index):
            prompt.chosen = index
            prompt.input.set(prompt.completions[index].line)
            modal = .prompt(prompt)
        case .help(var help):
            help.cursor.select(index, in: help.shown, height: listHeight)
            modal = .help(help)
        case .prompt, .confirm, .rollback, nil: break
        }
    }
}

extension Prompt {
    init(purpose: Purpose, before: String, completions: [Completion]) {
        self.purpose = purpose
        self.before = before
        self.completions = completions
        input = TextInput(before)
    }

    /// Takes the next completion into the line.
    mutating func choose(_ steps: Int) {
        guard !completions.isEmpty else {
            return
        }
        let next = chosen.map { $0 + steps } ?? (steps > 0 ? 0 : completions.count - 1)
        let place = (next % completions.count + completions.count) % completions.count
        chosen = place
        input.set(completions[place].line)
    }
}
