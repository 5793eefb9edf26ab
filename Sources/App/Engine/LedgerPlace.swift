/// Where the ledger lies.
enum LedgerPlace {
    /// `$XDG_STATE_HOME/weir/ledger.sqlite`, usually below `~/.local/state`.
    static var path: String {
        let base = TextFile.environment("XDG_STATE_HOME").flatMap { $0.isEmpty ? nil : $0 }
        return "\(base ?? "\(TextFile.home)/.local/state")/weir/ledger.sqlite"
    }
}
