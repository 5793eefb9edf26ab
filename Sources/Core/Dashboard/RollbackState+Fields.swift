import Git
import Kube

extension RollbackState {
    init(request: RevertRequest, chosen: [Commit], origin: ObjectRef?, isUndo: Bool) {
        self.request = request
        self.chosen = chosen
        self.origin = origin
        self.isUndo = isUndo
        step = .planning
        subject = TextInput()
        reason = TextInput(request.reason)
        body = TextBlock()
        editsBody = false
        branch = TextInput(request.newBranch ?? RollbackState.branchName(request))
        typedName = TextInput()
        requiredNames = .none
        suspendsBots = false
        showsDiff = false
        scroll = 0
        focus = .diff
        suspendedBots = []
        isPlanning = true
    }

    /// What a branch for a pull request is called, unless the operator knows better.
    private static func branchName(_ request: RevertRequest) -> String {
        let short = Revision.cut(request.commit)
        if case .path = request.aim {
            return "weir/put-back-\(short)"
        }
        return "weir/revert-\(short)"
    }

    /// What Tab goes through, in the order on the screen; only the diff where nothing can be confirmed.
    package var fields: [Field] {
        guard case .preview(let plan, let radius) = step, obstacle == nil, plan.isPossible else {
            return merge == nil || plan == nil ? [.diff] : [.diff, .mainline]
        }
        var fields: [Field] = [.diff, .message]
        if merge != nil {
            fields.append(.mainline)
        }
        fields.append(.destination)
        if request.newBranch != nil {
            fields.append(.branch)
        }
        if offersBots(radius) {
            fields.append(.bots)
        }
        fields += [.subject, .reason]
        if !requiredNames.isEmpty {
            fields.append(.name)
        }
        return fields + [.push]
    }

    /// True where image automation can be suspended first; what waits for a merge has time.
    package func offersBots(_ radius: BlastRadius) -> Bool {
        !radius.isProposal && !radius.bots.isEmpty
    }

    /// Why this plan cannot be confirmed at all, in one sentence; nil where it can.
    package var obstacle: String? {
        switch step {
        case .impossible(let failure): return failure.message
        case .planning: return nil
        case .preview(let plan, let radius), .suspendingBots(let plan, let radius, _),
            .pushing(let plan, let radius):
            if let branchProblem {
                return branchProblem
            }
            if !plan.conflicts.isEmpty {
                let count = plan.conflicts.count
                return "\(count == 1 ? "1 file was" : "\(count) files were") changed by newer commits too: "
                    + "nothing can be pushed"
            }
            if plan.diff.files.isEmpty || plan.tree == nil {
                if case .path = plan.request.aim {
                    return "nothing would change: \(plan.request.branch) has it like that already"
                }
                return "the revert would change nothing: \(plan.request.branch) has none of it any more"
            }
            if case .impossible(let why) = plan.signing {
                return "the commit cannot be signed, so it is not pushed: \(why)"
            }
            if let cluster = radius.readOnlyCluster {
                return "\(cluster) would change and is read-only here"
            }
            return nil
        }
    }

    /// True while confirmed work is on its way and cannot be left.
    package var isCommitted: Bool {
        switch step {
        case .suspendingBots, .pushing: true
        case .planning, .preview, .impossible: false
        }
    }
}

extension BlastRadius {
    fileprivate var readOnlyCluster: ClusterID? {
        for trap in traps {
            if case .readOnly(let cluster) = trap {
                return cluster
            }
        }
        return nil
    }
}
