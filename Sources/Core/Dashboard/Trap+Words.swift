import Chrono
import Git
import Kube

extension Trap {
    /// What needs a decision first, then what deletes, then what delays.
    var rank: Int {
        switch self {
        case .readOnly, .frozen: 0
        case .imageBot: 1
        case .prune: 2
        case .manifest, .plan: 3
        case .suspended: 4
        case .verifies, .pinned, .packed, .unseen: 5
        case .remediated, .heldAbove: 6
        case .dependency, .healthCheck: 7
        case .included, .unreachable, .dependants: 8
        }
    }

    var rankedClusters: String {
        if case .prune(let objects, let clusters) = self {
            return "\(clusters.map(\.name).joined(separator: " ")) \(objects.first ?? "")"
        }
        return ""
    }

    /// The trap and its consequence, in one sentence.
    package var sentence: String {
        switch self {
        case .imageBot(let ref, let branch):
            "image automation \(ref.path) on \(ref.cluster) writes to \(branch) and would do it again"
        case .prune(let objects, let clusters):
            "prune: deletes \(Trap.listed(objects, 20)) on \(Trap.listed(clusters.map(\.name), 8))"
        case .suspended(let ref, let by):
            ref == by
                ? "\(ref) on \(ref.cluster) is suspended: nothing happens until it is resumed"
                : "\(by) on \(ref.cluster) is suspended: \(ref.path) gets nothing until it is resumed"
        case .heldAbove(let ref, let below):
            "\(ref) on \(ref.cluster) is suspended: \(Trap.listed(below.map(\.path), 3)) below it "
                + (below.count == 1
                    ? "takes the commit, its own object stays as it is"
                    : "take the commit, their own objects stay as they are")
        case .verifies(let ref):
            "\(ref) on \(ref.cluster) verifies signatures: an unsigned revert is not taken"
        case .dependency(let ref, let other):
            "\(ref.path) on \(ref.cluster) waits for \(other.path), which is not ready"
        case .dependants(let others, let ref):
            "\(Trap.listed(others.map(\.path), 3)) on \(ref.cluster) "
                + "\(others.count == 1 ? "waits" : "wait") until \(ref.path) is ready on the new commit"
        case .remediated(let ref):
            "\(ref) on \(ref.cluster) ran out of retries: what Helm rolled back to may count as the revert, "
                + "which then makes no new release; force it if it does not move"
        case .healthCheck(let ref, let timeout):
            "\(ref.path) on \(ref.cluster) is busy with health checks: up to \(timeout.took) before it starts"
        case .pinned(let ref, let words):
            "\(ref) on \(ref.cluster) follows \(words): the push does not reach it"
        case .packed(let ref):
            "\(ref) on \(ref.cluster) reads an artifact: CI must pack the revert first"
        case .included(let ref):
            "\(ref) on \(ref.cluster) takes in a part of this repository: what it feeds may change too"
        case .readOnly(let cluster): "\(cluster) is read-only here: roll back from where it is not"
        case .frozen(let cluster, let name, let until):
            "\(cluster) is in a freeze (\(name)) until \(until.rfc3339): its name must be typed"
        case .unseen(let cluster): "\(cluster) has told nothing yet: whether it takes the commit is not known"
        case .unreachable(let cluster): "\(cluster) does not answer: it takes the commit unseen"
        case .manifest(let sentence), .plan(let sentence): sentence
        }
    }

    /// `a, b and 3 more`.
    private static func listed(_ names: [String], _ most: Int) -> String {
        names.prefix(most).joined(separator: ", ")
            + (names.count > most ? " and \(names.count - most) more" : "")
    }
}
