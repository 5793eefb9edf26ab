import Kube
import KubeWire

/// Where a user who may not list the whole cluster may look.
enum Narrowing {
    case unasked
    /// Namespaces and rights are being asked for.
    case asking
    /// Namespaces with what their reviews said; nil where a review was not answered.
    case known([(namespace: String, rules: RulesReview?)])
}

extension ClusterWorker {
    /// Namespaces that are looked at one by one at most: each costs a watch for each kind.
    static let namespaceLimit = 32

    /// Takes the namespaces of the user where the whole cluster may not be listed.
    func narrow(_ kind: FluxKind, _ following: KindFollowing, refusal: String) {
        following.narrow(refusal: refusal)
        switch narrowing {
        case .unasked: findNamespaces()
        case .asking: break
        case .known(let found): spread(kind, following, over: found)
        }
    }

    /// The namespaces that a narrowed kind is followed in, for everything that is listed beside the kinds.
    var narrowedNamespaces: [String] {
        guard case .known(let found) = narrowing else {
            return []
        }
        let used = Set(kinds.values.flatMap(\.namespaces))
        return found.map(\.namespace).filter { used.contains($0) }
    }

    /// Lets go of the namespaces of before once every kind was answered anew.
    func settleScopes() {
        guard !keptScopes.isEmpty else {
            return
        }
        if case .asking = narrowing {
            return
        }
        let isAnswered = kinds.values.allSatisfy { following in
            if case .forbidden = following.state {
                return true
            }
            return following.state == .watching
        }
        guard isAnswered else {
            return
        }
        keptScopes = []
        drift.hasNewInventories = true
        judgeMissing()
    }

    /// The namespace of the context and, where they may be listed, all others.
    private func findNamespaces() {
        guard case .success(let access) = settings.access else {
            return
        }
        narrowing = .asking
        let own = access.namespace ?? "default"
        line.collect(.list(.namespaces, metadataOnly: true)) { [unowned self] result in
            guard !isStopped, case .asking = narrowing else {
                return
            }
            var names = [own]
            switch result {
            case .success(let answer) where answer.isSuccess:
                let page = try? AnswerReader<ObjectMetadata>(cluster: settings.id).page(answer.body)
                names += page?.items.map(\.name).filter { $0 != own } ?? []
            case .success(let answer) where answer.status.isUnauthenticated:
                narrowing = .unasked
                perform(link.unauthenticated(answer.status))
                return
            case .success: break
            case .failure(.closed):
                narrowing = .unasked
                return
            case .failure(let failure):
                narrowing = .unasked
                perform(link.lost(failure.message))
                return
            }
            review(names)
        }
    }

    /// Asks for the rights in each namespace, so that it is not tried kind by kind.
    private func review(_ names: [String]) {
        let asked = names.prefix(ClusterWorker.namespaceLimit)
        var reviews: [String: RulesReview] = [:]
        var open = asked.count
        for name in asked {
            line.collect(.myRules(namespace: name)) { [unowned self] result in
                guard !isStopped, case .asking = narrowing else {
                    return
                }
                open -= 1
                if case .success(let answer) = result, answer.isSuccess {
                    reviews[name] = RulesReview.decode(answer.body)
                }
                if open == 0 {
                    narrowed(to: asked.map { ($0, reviews[$0]) }, of: names.count)
                }
            }
        }
    }

    private func narrowed(to found: [(namespace: String, rules: RulesReview?)], of count: Int) {
        narrowing = .known(found)
        for (kind, following) in kinds where following.isNarrowed && following.followers.isEmpty {
            spread(kind, following, over: found)
        }
        let used = narrowedNamespaces
        let left = count - found.count
        note(
            used.isEmpty
                ? nil
                : "the whole cluster may not be listed: only \(used.joined(separator: ", ")) \(used.count == 1 ? "is" : "are") shown"
                    + (left > 0 ? ", and \(left) more namespaces were not tried" : ""),
            on: .namespaces
        )
    }

    private func spread(
        _ kind: FluxKind,
        _ following: KindFollowing,
        over found: [(namespace: String, rules: RulesReview?)]
    ) {
        for (place, entry) in found.enumerated() {
            // Only the first, which the kubeconfig names, is tried without a promise.
            let mayTry = entry.rules?.isIncomplete ?? true
            if entry.rules?.allows("list", following.resource) == true || (mayTry && place == 0) {
                add(kind, following, namespace: entry.namespace)
            }
        }
        following.found()
        let kept = Set(following.namespaces)
        removeRows(of: kind) { !kept.contains($0.namespace) }
        following.followers.forEach { $0.start() }
        showState(of: kind)
    }
}
