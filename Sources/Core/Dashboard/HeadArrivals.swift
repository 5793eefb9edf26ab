import Chrono

/// The heads that one repository's mirror told, ref by ref, in the order in which they came.
struct HeadArrivals: Sendable {
    private struct Head {
        let commit: String
        /// Nil where it was there when this weir first looked.
        let came: Timestamp?
    }

    private var heads: [String: [Head]] = [:]
    /// More heads of one ref than this are not kept: the oldest go.
    static let limit = 500

    /// Takes the newest heads, by full ref name.
    mutating func take(_ newer: [String: String], _ now: Timestamp) {
        heads = heads.filter { newer[$0.key] != nil }
        for (ref, commit) in newer {
            var known = heads[ref] ?? []
            guard known.last?.commit != commit else {
                continue
            }
            known.append(Head(commit: commit, came: known.isEmpty ? nil : now))
            if known.count > HeadArrivals.limit {
                known.removeFirst(HeadArrivals.limit / 2)
            }
            heads[ref] = known
        }
    }

    /// When the first head came after a commit was one; nil where this weir did not see that.
    func first(after commit: String, on ref: String) -> Timestamp? {
        guard let known = heads[ref], let place = known.lastIndex(where: { $0.commit == commit }) else {
            return nil
        }
        return place + 1 < known.count ? known[place + 1].came : nil
    }

    /// When the first head came that was not there at some moment; nil where none is known.
    func first(since moment: Timestamp?, on ref: String) -> Timestamp? {
        heads[ref]?.lazy.compactMap(\.came).first { came in moment.map { came >= $0 } ?? true }
    }
}
