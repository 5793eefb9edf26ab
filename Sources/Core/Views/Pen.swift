import Chrono
import Dashboard
import Kube
import Screen

/// What every view draws with: the state, the moment, the symbols, and the map for the mouse.
struct Pen {
    let state: AppState
    let now: Timestamp
    let glyphs: Glyphs
    let pointer: PointerMap

    /// How long ago, `14m`; an en dash where the moment is unknown.
    func age(_ moment: Timestamp?) -> String {
        moment.map { now.since($0).age } ?? String(glyphs.none)
    }

    func symbol(_ state: SyncState) -> Character {
        switch state {
        case .ready: glyphs.ready
        case .reconciling: glyphs.reconciling
        case .waiting, .unknown, .terminating: glyphs.waiting
        case .failed: glyphs.failed
        case .stalled: glyphs.stalled
        case .suspended: glyphs.suspended
        }
    }

    func role(_ state: SyncState) -> Role {
        switch state {
        case .ready: .ready
        case .reconciling: .reconciling
        case .waiting: .waiting
        case .failed: .failed
        case .stalled: .stalled
        case .suspended: .suspended
        case .terminating: .terminating
        case .unknown: .unknown
        }
    }

    /// A state as its symbol in its look.
    func span(_ state: SyncState) -> Span {
        Span(String(symbol(state)), role(state))
    }

    /// How a cluster is called on the screen.
    func name(_ cluster: ClusterID) -> String {
        state.clusters[cluster]?.profile.displayName ?? cluster.name
    }

    /// Commits behind, `3 (1)` where fewer touch the applier's own path.
    func text(_ behind: Behind) -> String {
        switch behind {
        case .notApplicable: String(glyphs.none)
        case .pinned: "pin"
        case .measuring: String(glyphs.ellipsis)
        case .unknown: "?"
        case .diverged: "div"
        case .commits(let all, let here, _) where here == all || all == 0: String(all)
        case .commits(let all, let here, _): "\(all)(\(here))"
        }
    }

    func role(_ behind: Behind) -> Role {
        switch behind {
        case .commits(let all, let here, _): all == 0 ? .dim : here > 0 ? .behind : .text
        case .diverged: .warning
        case .notApplicable, .pinned, .measuring, .unknown: .dim
        }
    }
}
