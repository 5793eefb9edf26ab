import Chrono
import Configuration
import HashTreeCollections
import Keys
import Kube

// Questions before changes.
extension AppState {
    mutating func confirmResync(withSource: Bool, force: Bool, _ now: Timestamp) {
        var question = Sorting()
        for ref in candidates(now) {
            guard let resource = resource(ref) else {
                question.refused.append(Confirmation.Refusal(ref: ref, why: "is gone"))
                continue
            }
            if let why = refusal(of: resource)
                ?? refusal(toResync: resource, withSource: withSource, force: force)
            {
                question.refused.append(Confirmation.Refusal(ref: ref, why: why))
            } else if resource.isSuspended {
                question.suspended.append(ref)
            } else {
                question.targets.append(ref)
            }
        }
        open(question, .resync(withSource: withSource, force: force), isUndo: false, now)
    }

    mutating func confirmSuspension(
        _ suspends: Bool,
        of refs: [ObjectRef],
        isUndo: Bool = false,
        reason: String = "",
        _ now: Timestamp
    ) {
        var question = Sorting()
        for ref in isUndo ? refs : candidates(now) {
            guard let resource = resource(ref) else {
                question.refused.append(Confirmation.Refusal(ref: ref, why: "is gone"))
                continue
            }
            if let why = refusal(of: resource) {
                question.refused.append(Confirmation.Refusal(ref: ref, why: why))
            } else if resource.kind.suspension == .unsupported {
                question.refused.append(Confirmation.Refusal(ref: ref, why: "cannot be suspended"))
            } else if resource.isSuspended == suspends {
                let since = resource.suspensionRemark(now).map { " (\($0))" } ?? ""
                let why = suspends ? "is suspended already\(since)" : "is not suspended"
                question.refused.append(Confirmation.Refusal(ref: ref, why: why))
            } else {
                question.targets.append(ref)
            }
        }
        open(question, suspends ? .suspend : .resume, isUndo: isUndo, reason: reason, now)
    }

    // MARK: Whom it is done to

    private struct Sorting {
        var targets: [ObjectRef] = []
        var refused: [Confirmation.Refusal] = []
        var suspended: [ObjectRef] = []
    }

    private mutating func candidates(_ now: Timestamp) -> [ObjectRef] {
        let refs = actionTargets
        if refs.isEmpty {
            notice("select a resource first: go to the sync pane with Tab", .told, now)
        }
        return refs
    }

    /// Why nothing can be done to it at all; nil where something can.
    func refusal(of resource: FluxResource) -> String? {
        if isReadOnly {
            return "weir runs read-only"
        }
        let profile = profile(resource.ref.cluster)
        if profile.isReadOnly {
            return "\(profile.displayName) is read-only here"
        }
        if let problem = newest(resource.ref.cluster)?.link.problem {
            return "\(profile.displayName) does not answer: \(problem)"
        }
        if let missing = newest(resource.ref.cluster)?.rights.refusal(of: resource.ref) {
            return missing
        }
        return resource.isTerminating ? "is being deleted" : nil
    }

    func refusal(toResync resource: FluxResource, withSource: Bool, force: Bool) -> String? {
        guard resource.canResync else {
            return resource.kind.acknowledgesRequests
                ? "is an OCI HelmRepository, which nothing reconciles"
                : "\(resource.kind.kind) takes no requests"
        }
        let takesForce = ["HelmRelease", "FluxInstance", "ResourceSetInputProvider"]
        if force, !takesForce.contains(resource.kind.kind) {
            return "only a HelmRelease can be forced"
        }
        guard withSource else {
            return nil
        }
        guard let source = resource.applier?.source else {
            return "has no source"
        }
        // A suspended source acknowledges and does nothing, so asking it would only look like an answer.
        return self.resource(source)?.isSuspended == true ? "its source \(source.path) is suspended" : nil
    }

    private mutating func open(
        _ question: Sorting,
        _ action: Confirmation.Action,
        isUndo: Bool,
        reason: String = "",
        _ now: Timestamp
    ) {
        guard !question.targets.isEmpty || !question.suspended.isEmpty else {
            if let first = question.refused.first {
                let others = question.refused.count > 1 ? " (and \(question.refused.count - 1) more)" : ""
                // With nothing to be changed at all, the reason is the process, not the object.
                let what = isReadOnly ? first.why : "\(first.ref.path) \(first.why)\(others)"
                notice(isReadOnly ? AppState.readOnlySentence : "nothing was changed: \(what)", .problem, now)
                if isUndo {
                    undoables.removeLast()
                }
            }
            return
        }
        var confirmation = Confirmation(
            action: action,
            targets: question.targets,
            refused: question.refused,
            suspended: question.suspended,
            resumesSuspended: false,
            requiredNames: .none,
            typedName: TextInput(),
            reason: TextInput(reason),
            focus: .confirm,
            problem: nil,
            isUndo: isUndo
        )
        confirmation.requiredNames = requiredNames(confirmation.clusters)
        if question.targets.isEmpty {
            confirmation.problem = AppState.suspendedSentence(question.suspended)
        }
        confirmation.focus = confirmation.fields.first ?? .confirm
        modal = .confirm(confirmation)
    }

    static func suspendedSentence(_ suspended: [ObjectRef]) -> String {
        let what = suspended.count == 1 ? suspended.first?.path ?? "" : "\(suspended.count) resources"
        return "\(what) \(suspended.count == 1 ? "is" : "are") suspended: press r to resume first"
    }

    /// The names that must be typed before these clusters are changed: those of all protected and frozen ones.
    func requiredNames(_ clusters: [ClusterID], frozen: [ClusterID] = []) -> RequiredNames {
        let asked = profiles.filter { profile in
            clusters.contains(profile.id) && (profile.isProtected || frozen.contains(profile.id))
        }
        return RequiredNames(asked, frozen: Set(frozen))
    }

    // MARK: Keys of the question

    mutating func press(_ key: Key, in confirmation: Confirmation, _ now: Timestamp) -> [Effect] {
        var confirmation = confirmation
        defer {
            if case .confirm = modal {
                modal = .confirm(confirmation)
            }
        }
        switch key {
        case .escape:
            modal = nil
            return []
        case .tab, .down: confirmation.focus = confirmation.fields.after(confirmation.focus, 1)
        case .backTab, .up: confirmation.focus = confirmation.fields.after(confirmation.focus, -1)
        case .enter: return accept(&confirmation, now)
        default:
            switch confirmation.focus {
            case .reason: _ = confirmation.reason.type(key)
            case .name:
                if confirmation.typedName.type(key) {
                    confirmation.problem = nil
                }
            case .offer, .confirm: return press(key, onButtonsOf: &confirmation, now)
            }
        }
        return []
    }

    private mutating func press(
        _ key: Key,
        onButtonsOf confirmation: inout Confirmation,
        _ now: Timestamp
    ) -> [Effect] {
        let command = settings.keymap.lookup(key)
        if !confirmation.suspended.isEmpty, command == .resume || key == .character(" ") {
            confirmation.resumesSuspended.toggle()
            confirmation.requiredNames = requiredNames(confirmation.clusters)
            confirmation.problem =
                confirmation.chosen.isEmpty ? AppState.suspendedSentence(confirmation.suspended) : nil
            if confirmation.resumesSuspended {
                confirmation.focus = confirmation.fields.after(.offer, 1)
            }
        } else if key == .character("y") {
            return accept(&confirmation, now)
        } else if key == .character("n") || command == .backOrQuit {
            modal = nil
        }
        return []
    }

    /// Goes to the next field, or does it.
    private mutating func accept(_ confirmation: inout Confirmation, _ now: Timestamp) -> [Effect] {
        guard !confirmation.chosen.isEmpty else {
            confirmation.problem = AppState.suspendedSentence(confirmation.suspended)
            return []
        }
        guard confirmation.requiredNames.isMet(by: confirmation.typedName.text) else {
            if confirmation.focus == .name || confirmation.focus == .confirm {
                confirmation.problem = confirmation.requiredNames.demand
            }
            confirmation.focus = .name
            return []
        }
        modal = nil
        if confirmation.isUndo {
            _ = undoables.popLast()
        }
        marks = []
        return perform(confirmation, now)
    }

    private mutating func perform(_ confirmation: Confirmation, _ now: Timestamp) -> [Effect] {
        switch confirmation.action {
        case .resync(let withSource, let force):
            let resumed = Set(confirmation.resumesSuspended ? confirmation.suspended : [])
            enqueue(
                confirmation.chosen.map { ref in
                    ResyncQueue.Order(
                        ref: ref,
                        sources: withSource ? sources(of: ref) : [],
                        force: force,
                        resumesFirst: resumed.contains(ref)
                    )
                },
                now
            )
            if !resumed.isEmpty {
                undoables.append(.resumed(resumed.sorted(), reasons: reasons(of: resumed.sorted())))
            }
            return []
        case .suspend:
            let text = confirmation.reason.text
            if !confirmation.isUndo {
                undoables.append(.suspended(confirmation.targets))
            }
            return confirmation.targets.map { .setSuspended($0, true, reason: text.isEmpty ? nil : text) }
        case .resume:
            if !confirmation.isUndo {
                undoables.append(.resumed(confirmation.targets, reasons: reasons(of: confirmation.targets)))
            }
            return confirmation.targets.map { .setSuspended($0, false, reason: nil) }
        }
    }

    private func reasons(of refs: [ObjectRef]) -> [ObjectRef: String] {
        var reasons: [ObjectRef: String] = [:]
        for ref in refs {
            reasons[ref] = resource(ref)?.suspendReason
        }
        return reasons
    }
}

extension Array where Element: Equatable {
    /// The element so many places further, around the ends; the first where it has not the element.
    func after(_ element: Element, _ steps: Int) -> Element {
        guard let place = firstIndex(of: element) else {
            return first ?? element
        }
        return self[((place + steps) % count + count) % count]
    }
}
