import Git
import Kube

extension RollbackState {
    init(request: RevertRequest, commit: Commit?, origin: ObjectRef?, isUndo: Bool) {
        self.request = request
        self.commit = commit
        self.origin = origin
        self.isUndo = isUndo
        step = .planning
        subject = TextInput()
        reason = TextInput(request.reason)
        typedName = TextInput()
        suspendsBots = false
        showsDiff = false
        scroll = 0
        focus = .diff
        suspendedBots = []
        isPlanning = true
    }

    /// What Tab goes through, in the order on the screen; only the diff where nothing can be confirmed.
    package var fields: [Field] {
        guard case .preview(let plan, let radius) = step, obstacle == nil, plan.isPossible else {
            return [.diff]
        }
        var fields: [Field] = [.diff]
        if !radius.bots.isEmpty {
            fields.append(.bots)
        }
        fields += [.subject, .reason]
        if requiredName != nil {
            fields.append(.name)
        }
        return fields + [.push]
    }

    /// Why this plan cannot be confirmed at all, in one sentence; nil where it can.
    package var obstacle: String? {
        switch step {
        case .impossible(let failure): return failure.message
        case .planning: return nil
        case .preview(let plan, let radius), .suspendingBots(let plan, let radius, _),
            .pushing(let plan, let radius):
            if !plan.conflicts.isEmpty {
                let count = plan.conflicts.count
                return "\(count == 1 ? "1 file was" : "\(count) files were") changed by newer commits too: "
                    + "nothing can be pushed"
            }
            if plan.diff.files.isEmpty || plan.tree == nil {
                return "the revert would change nothing: \(plan.request.branch) has none of it any more"
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
