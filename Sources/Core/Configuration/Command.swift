/// Everything a key can be bound to: movement, views, and actions.
///
/// - Shape: the raw value is the name in `[keys]` of the settings.
package enum Command: String, CaseIterable, Sendable, Hashable {
    // Movement.
    case moveDown = "move_down"
    case moveUp = "move_up"
    case moveTop = "move_top"
    case moveBottom = "move_bottom"
    case halfPageDown = "half_page_down"
    case halfPageUp = "half_page_up"
    case pageDown = "page_down"
    case pageUp = "page_up"
    case left
    case right
    case nextPane = "next_pane"
    case previousPane = "previous_pane"

    // Views.
    case viewFleet = "view_fleet"
    case viewMatrix = "view_matrix"
    case viewCommits = "view_commits"
    case viewConvergence = "view_convergence"
    case viewDrift = "view_drift"
    case viewEvents = "view_events"
    case viewRollouts = "view_rollouts"
    case viewAudit = "view_audit"
    case wall

    // Finding one's way.
    case open
    case back
    case backOrQuit = "back_or_quit"
    case quit
    case filter
    case nextMatch = "next_match"
    case previousMatch = "previous_match"
    case commandPrompt = "command_prompt"
    case help
    case mark
    case markAll = "mark_all"
    case selectRange = "select_range"
    case sort
    case fold
    case enlarge
    case shrink

    // Changing clusters and Git: each of these asks first.
    case resync
    case resyncWithSource = "resync_with_source"
    case force
    case suspend
    case resume
    case rollBack = "roll_back"
    case putBack = "put_back"
    case undo

    // Looking closer.
    case describe
    case yaml
    case events
    case tree
    case diff
    case logs
    case fetch
    case limitToPath = "limit_to_path"
    case copy
    case showAddress = "show_address"

    // The program itself.
    case refresh
    case hold
    case theme
    case redraw
    case stopProcess = "stop_process"
    case screenshot
}

extension Command {
    /// What the command does, in the words of help.
    package var summary: String {
        switch self {
        case .moveDown: "one row down"
        case .moveUp: "one row up"
        case .moveTop: "first row"
        case .moveBottom: "last row"
        case .halfPageDown: "half a page down"
        case .halfPageUp: "half a page up"
        case .pageDown: "a page down"
        case .pageUp: "a page up"
        case .left: "pane or tab to the left"
        case .right: "pane or tab to the right"
        case .nextPane: "next pane or field"
        case .previousPane: "previous pane or field"
        case .viewFleet: "fleet: does every cluster run what Git says?"
        case .viewMatrix: "matrix: which version runs where?"
        case .viewCommits: "commits: what is in Git, and who has it?"
        case .viewConvergence: "convergence: is it there yet?"
        case .viewDrift: "drift of all clusters"
        case .viewEvents: "events of all clusters"
        case .viewRollouts: "rollouts and resyncs of this session"
        case .viewAudit: "audit: who changed what through weir?"
        case .wall: "wall: the fleet in large letters"
        case .open: "open what is selected"
        case .back: "back, or leave without a change"
        case .backOrQuit: "back, or quit from the fleet"
        case .quit: "quit"
        case .filter: "filter the list"
        case .nextMatch: "next match, or next trouble"
        case .previousMatch: "previous match, or previous trouble"
        case .commandPrompt: "type a command"
        case .help: "what works here now"
        case .mark: "mark this row"
        case .markAll: "mark all rows shown"
        case .selectRange: "choose a range of commits, from this one on"
        case .sort: "sort by the next column"
        case .fold: "unfold what waits for this, or fold it"
        case .enlarge: "enlarge this pane"
        case .shrink: "show all panes"
        case .resync: "resync"
        case .resyncWithSource: "resync with its source"
        case .force: "force a Helm upgrade"
        case .suspend: "suspend"
        case .resume: "resume"
        case .rollBack: "roll back"
        case .putBack: "put a path back to how it was at this commit"
        case .undo: "undo the last action"
        case .describe: "describe"
        case .yaml: "YAML of the object"
        case .events: "events of the object"
        case .tree: "objects that it applies"
        case .diff: "diff"
        case .logs: "what its controller logs about it"
        case .fetch: "fetch the repository now"
        case .limitToPath: "limit to commits of the applier's path"
        case .copy: "copy name or revision"
        case .showAddress: "show the commit's web address"
        case .refresh: "ask the clusters again now"
        case .hold: "hold the screen still, or let it go on"
        case .theme: "next theme"
        case .redraw: "draw the screen anew"
        case .stopProcess: "put weir into the background"
        case .screenshot: "save the screen to a file"
        }
    }

    /// A word or two for the bottom line.
    package var label: String {
        switch self {
        case .resync: "resync"
        case .resyncWithSource: "with source"
        case .force: "force"
        case .rollBack: "roll back"
        case .putBack: "put back"
        case .selectRange: "range"
        case .open: "open"
        case .commandPrompt: "command"
        case .help: "help"
        case .filter: "filter"
        case .suspend: "suspend"
        case .resume: "resume"
        case .fetch: "fetch"
        case .limitToPath: "this path"
        case .diff: "diff"
        case .logs: "logs"
        case .yaml: "YAML"
        case .tree: "tree"
        case .copy: "copy"
        case .viewCommits: "commits"
        case .viewRollouts: "rollouts"
        case .back, .backOrQuit: "back"
        case .undo: "undo"
        case .sort: "sort"
        case .fold: "unfold"
        case .mark: "mark"
        case .refresh: "refresh"
        case .viewAudit: "audit"
        default: summary
        }
    }

    /// True where the command leads to a change of a cluster or of Git, after a confirmation.
    package var isMutating: Bool {
        switch self {
        case .resync, .resyncWithSource, .force, .suspend, .resume, .rollBack, .putBack, .undo: true
        default: false
        }
    }
}
