import Chrono
import Configuration
import Git
import Keys
import Kube

// The keys of an open rollback, and the one place where a plan is confirmed.
extension AppState {
    mutating func press(_ key: Key, in rollback: RollbackState, _ now: Timestamp) -> [Effect] {
        if key == .escape {
            return leave(rollback, now)
        }
        guard !rollback.isCommitted else {
            return []
        }
        if rollback.editsBody {
            changeRollback { rollback in
                if key == .tab || key == .backTab {
                    rollback.editsBody = false
                } else {
                    _ = rollback.body.type(key)
                }
            }
            return []
        }
        switch key {
        case .tab: return focus(rollback, 1)
        case .backTab: return focus(rollback, -1)
        case .enter: return enter(rollback, now)
        default: break
        }
        if isTyping {
            changeRollback { rollback in
                switch rollback.focus {
                case .name: _ = rollback.typedName.type(key)
                case .subject: _ = rollback.subject.type(key)
                case .branch: _ = rollback.branch.type(key)
                default: _ = rollback.reason.type(key)
                }
            }
            return []
        }
        return press(key, onPreviewOf: rollback, now)
    }

    private mutating func press(_ key: Key, onPreviewOf rollback: RollbackState, _ now: Timestamp) -> [Effect]
    {
        if key == .character("m") {
            return changeMainline(rollback)
        }
        switch settings.keymap.lookup(key) {
        case .describe, .diff: changeRollback { $0.showDiff(!rollback.showsDiff) }
        case .moveDown: return scrollModal(by: 1)
        case .moveUp: return scrollModal(by: -1)
        case .halfPageDown: return scrollModal(by: max(1, rows / 2))
        case .halfPageUp: return scrollModal(by: -max(1, rows / 2))
        case .pageDown: return scrollModal(by: rows)
        case .pageUp: return scrollModal(by: -rows)
        case .moveTop: return scrollModal(by: -rollback.scroll)
        case .moveBottom: return scrollModal(by: rollback.lineCount(columns: columns))
        case .mark: return choose(rollback)
        case .left where rollback.focus == .destination, .right where rollback.focus == .destination:
            return choose(rollback)
        case .left where rollback.focus == .mainline, .right where rollback.focus == .mainline:
            return choose(rollback)
        case .backOrQuit: return leave(rollback, now)
        default: break
        }
        return []
    }

    /// Changes what the focus is on, where it is a choice.
    private mutating func choose(_ rollback: RollbackState) -> [Effect] {
        switch rollback.focus {
        case .bots:
            changeRollback { $0.suspendsBots.toggle() }
            return []
        case .mainline: return changeMainline(rollback)
        case .destination:
            var request = rollback.request
            request.newBranch = request.newBranch == nil ? rollback.branch.text : nil
            return replan(request)
        case .diff, .message, .branch, .subject, .reason, .name, .push: return []
        }
    }

    private mutating func leave(_ rollback: RollbackState, _ now: Timestamp) -> [Effect] {
        if rollback.isCommitted {
            changeRollback { $0.problem = "it is being pushed: wait for the answer" }
        } else if rollback.editsBody {
            changeRollback { $0.editsBody = false }
        } else if rollback.showsDiff {
            changeRollback { $0.showDiff(false) }
        } else {
            modal = nil
            stopAwaiting(.plan)
            if let words = stillSuspended(rollback.suspendedBots) {
                notice("nothing was pushed; \(words)", .problem, now)
            }
        }
        return []
    }

    /// Says of image automations that weir suspended that they stay so, and which key resumes them.
    func stillSuspended(_ bots: [ObjectRef]) -> String? {
        let left = bots.filter { resource($0)?.isSuspended ?? true }.map(\.path)
        guard !left.isEmpty else {
            return nil
        }
        let key = settings.keymap.keys(for: .undo).first?.notation ?? ":undo"
        return "\(left.joined(separator: ", ")) \(left.count == 1 ? "stays" : "stay") suspended: "
            + "\(key) resumes \(left.count == 1 ? "it" : "them")"
    }

    /// Goes back to another parent of a merge.
    private mutating func changeMainline(_ rollback: RollbackState) -> [Effect] {
        guard let merge = rollback.merge else {
            return []
        }
        var request = rollback.request
        request.mainline = (request.mainline ?? 0) % merge.parents.count + 1
        return replan(request)
    }

    private mutating func replan(_ request: RevertRequest) -> [Effect] {
        changeRollback { rollback in
            rollback.request = request
            rollback.isPlanning = true
            rollback.problem = nil
            rollback.planProblem = nil
        }
        return [.planRevert(request, ask(.plan))]
    }

    /// To another field; what was typed of the reason or the branch goes into the plan, which is made anew.
    private mutating func focus(_ rollback: RollbackState, _ steps: Int) -> [Effect] {
        let fields = rollback.fields
        let next = fields.after(rollback.focus, steps)
        changeRollback { rollback in
            rollback.focus = next
            rollback.problem = nil
        }
        return takeTyped(rollback)
    }

    private mutating func takeTyped(_ rollback: RollbackState) -> [Effect] {
        var request = rollback.request
        request.reason = rollback.reason.text
        if request.newBranch != nil {
            request.newBranch = rollback.branch.text
        }
        return request == rollback.request ? [] : replan(request)
    }

    private mutating func enter(_ rollback: RollbackState, _ now: Timestamp) -> [Effect] {
        switch rollback.focus {
        case .diff:
            changeRollback { $0.showDiff(!rollback.showsDiff) }
            return []
        case .message:
            changeRollback { rollback in
                rollback.showsDiff = false
                rollback.editsBody = true
            }
            return []
        case .bots, .mainline, .destination: return choose(rollback)
        case .branch, .subject, .reason: return focus(rollback, 1)
        case .name, .push: return confirm(rollback, now)
        }
    }

    /// The confirm step: here, and nowhere else, a plan becomes one that may be pushed.
    mutating func confirm(_ rollback: RollbackState, _ now: Timestamp) -> [Effect] {
        let refusal: String? =
            if isReadOnly {
                AppState.readOnlySentence
            } else if rollback.isPlanning {
                "the plan is being made anew: wait for it and read it"
            } else if let obstacle = rollback.obstacle {
                obstacle
            } else if let problem = rollback.planProblem {
                "there is no plan for this: \(problem)"
            } else if !rollback.requiredNames.isMet(by: rollback.typedName.text) {
                rollback.requiredNames.demand
            } else if rollback.subject.text.allSatisfy(\.isWhitespace) {
                "the commit needs a subject"
            } else {
                nil
            }
        guard refusal == nil, case .preview(var plan, let radius) = rollback.step, plan.isPossible else {
            changeRollback { changed in
                changed.problem = refusal ?? "there is nothing to push"
                if !rollback.requiredNames.isEmpty, !rollback.isPlanning, rollback.obstacle == nil,
                    rollback.planProblem == nil
                {
                    changed.focus = .name
                }
            }
            return []
        }
        plan = plan.saying(rollback.message)
        let isSuspending = rollback.suspendsBots && rollback.offersBots(radius)
        let bots = isSuspending ? radius.bots.filter { resource($0)?.isSuspended == false } : []
        changeRollback { changed in
            changed.problem = nil
            changed.showsDiff = false
            changed.confirmed = Confirmed(byOperator: plan)
            changed.step = .suspendingBots(plan, radius, pending: Set(bots))
        }
        guard !bots.isEmpty else {
            return push()
        }
        let reason = AppState.botReason(plan.target.short)
        return bots.sorted().map { .setSuspended($0, true, reason: reason) }
    }

    // MARK: Scrolling in modals

    mutating func scrollModal(by rows: Int) -> [Effect] {
        switch modal {
        case .rollback:
            let columns = columns
            changeRollback { rollback in
                let most = rollback.lineCount(columns: columns)
                rollback.scroll = min(max(0, rollback.scroll + rows), max(0, most - 1))
            }
        case .help(var help):
            help.cursor.move(by: rows, in: help.shown, height: listHeight)
            modal = .help(help)
        case .prompt, .confirm, nil: break
        }
        return []
    }
}

extension RollbackState {
    mutating func showDiff(_ shows: Bool) {
        showsDiff = shows && plan != nil
        scroll = 0
    }
}
