import Clusters
import Configuration
import Dashboard
import Dispatch
import Git
import Kube
import Ledger
import Logging
import Repos

/// Runs effects: the only way from the state to the outside, and the one place where read-only is enforced.
///
/// - Thread: confined to the thread that owns the state; answers arrive through the mailbox.
final class EffectRunner {
    let mailbox: Mailbox
    let sessions: [ClusterID: ClusterSession]
    private let profiles: [ClusterID: ClusterProfile]
    private let settings: Settings
    private let cacheDirectory: String
    private let isReadOnly: Bool
    /// An operator is there to read what became of a push that an earlier weir did not see to its end.
    private let tellsUnsettled: Bool
    /// Clusters whose credentials come from a plugin that insists on the terminal.
    private let signIns: Set<ClusterID>
    private(set) var mirrors: [RepositoryID: RepositoryMirror] = [:]
    private let log = Logger(label: "engine")
    /// Nil where nobody is there to be asked for a passphrase.
    private let secrets: SecretDesk?
    private let audit: AuditTrail
    /// Changes so far; the ledger tells them apart by it.
    private var changes = 0
    /// Changes that were ordered and have no answer yet.
    private let underWay = DispatchGroup()

    init(_ fleet: FleetAssembly, mailbox: Mailbox, seed: UInt64, desk: LedgerDesk? = nil) {
        self.mailbox = mailbox
        audit = AuditTrail(fleet, desk: desk)
        settings = fleet.settings
        cacheDirectory = fleet.cacheDirectory
        isReadOnly = fleet.isReadOnly
        secrets = fleet.canAsk ? SecretDesk(mailbox) : nil
        tellsUnsettled = fleet.isDashboard && !fleet.isReadOnly
        signIns = Set(fleet.clusters.filter(SignIn.isNeeded).map(\.id))
        profiles = Dictionary(uniqueKeysWithValues: fleet.profiles.map { ($0.id, $0) })
        var sessions: [ClusterID: ClusterSession] = [:]
        for (index, cluster) in fleet.clusters.enumerated() {
            sessions[cluster.id] = ClusterSession(settings: cluster, seed: seed &+ UInt64(index)) {
                mailbox.post(.clusterChanged($0))
            }
        }
        self.sessions = sessions
    }

    /// Connects to every cluster.
    func start() {
        for session in sessions.values {
            session.start()
        }
    }

    /// Ends all connections once every change has its answer; `then` runs on some queue when the last one is closed
    /// and the ledger has all of it.
    func stop(then: @escaping @Sendable () -> Void) {
        secrets?.close()
        let sessions = Array(sessions.values)
        let mirrors = Array(mirrors.values)
        let audit = audit
        underWay.notify(queue: .global()) {
            let remaining = Countdown(sessions.count + mirrors.count) { audit.flush(then: then) }
            sessions.forEach { $0.stop { remaining.finishOne() } }
            mirrors.forEach { $0.stop { remaining.finishOne() } }
        }
    }

    /// Asks every remote for its heads.
    func checkRemotes() {
        for mirror in mirrors.values {
            mirror.checkRemote()
        }
    }

    /// Looks closely at every connection; `then` is called on some queue once everything is found.
    func examine(then: @escaping @Sendable () -> Void) -> Gathering {
        let gathering = Gathering(sessions.count + mirrors.count, then: then)
        for (id, session) in sessions {
            session.examine { found in gathering.take { $0.clusters[id] = found } }
        }
        for (id, mirror) in mirrors {
            mirror.askForPush { failure in gathering.take { $0.pushes[id] = .some(failure) } }
        }
        return gathering
    }

    /// Tries a cluster again at once.
    func refresh(_ cluster: ClusterID) {
        sessions[cluster]?.refresh()
    }

    /// Goes on over new connections: those that are open are of before a pause.
    func wakeUp() {
        sessions.values.forEach { $0.wakeUp() }
    }

    /// Runs one effect; those of the terminal are not for it and come back.
    ///
    /// - Shape: true where it was run or refused here; `identity` is who the cluster says that we are.
    func run(_ effect: Effect, as identity: String? = nil) -> Bool {
        switch effect {
        case .requestReconcile, .setSuspended, .commitAndPush, .compareExactly:
            change(effect, as: identity)
        case .refresh(let cluster):
            if let cluster {
                // Its plugin may want the screen, which is not for this runner to give.
                guard !signIns.contains(cluster) else {
                    return false
                }
                refresh(cluster)
            } else {
                sessions.values.forEach { $0.refresh() }
            }
        case .loadObject(let ref, let ticket):
            loadObject(ref, ticket)
        case .loadAudit(let limit, let withDryRuns, let ticket):
            audit.load(limit: limit, withDryRuns: withDryRuns) { [mailbox] in
                mailbox.post(.auditLoaded($0, ticket))
            }
        case .followLog(let ref, let ticket):
            sessions[ref.cluster]?.followLog(ref) { [mailbox] in mailbox.post(.logTold($0, ticket)) }
        case .stopLog(let cluster):
            sessions[cluster]?.stopLog()
        case .followRepositories(let demands):
            follow(demands)
        case .fetch(let repository):
            mirrors[repository]?.fetch()
        case .check(let repository):
            mirrors[repository]?.checkRemote()
        case .answerSecret(let id, let secret):
            secrets?.answer(id, secret)
        case .measure(let keys):
            measure(keys)
        case .carryOn:
            mailbox.post(.carriedOn)
        case .loadLog(let query, let offset, let limit, let ticket):
            with(query.repository, or: { .logLoaded(.failure($0), ticket) }) { [mailbox] mirror in
                mirror.log(query, offset: offset, limit: limit) { mailbox.post(.logLoaded($0, ticket)) }
            }
        case .loadDiff(let repository, let commit, let ticket):
            with(repository, or: { .diffLoaded(commit: commit, .failure($0), ticket) }) { [mailbox] mirror in
                mirror.diff(commit: commit) { mailbox.post(.diffLoaded(commit: commit, $0, ticket)) }
            }
        case .locate(let question, let ticket):
            let failed: (GitFailure) -> Event = {
                .located(.failure(ActionFailure(.other, $0.message)), ticket)
            }
            with(question.repository, or: failed) { [mailbox] mirror in
                mirror.origins(of: question) { found in
                    mailbox.post(.located(found.mapError { ActionFailure(.other, $0.message) }, ticket))
                }
            }
        case .planRevert(let request, let ticket):
            with(request.repository, or: { .revertPlanned(.failure($0), ticket) }) { [mailbox] mirror in
                mirror.plan(request) { mailbox.post(.revertPlanned($0, ticket)) }
            }
        case .copy, .bell, .nextTheme, .saveScreenshot, .redrawScreen, .suspendProcess, .quit:
            return false
        }
        return true
    }

    // MARK: The choke point

    /// Read-only is a property of the process or of the cluster that would change.
    private func mayChange(_ effect: Effect) -> Bool {
        guard !isReadOnly else {
            return false
        }
        return effect.changedCluster.map { profiles[$0]?.isReadOnly == false } ?? true
    }

    /// The one way in which anything is changed: noted first, then sent or refused, then the answer noted.
    ///
    /// What is sent leaves from the ledger's queue: this thread never waits for a disk.
    private func change(_ effect: Effect, as identity: String?) {
        let mayChange = mayChange(effect)
        if mayChange {
            log.notice("\(describe(effect))")
        } else {
            log.warning("refused, read-only: \(describe(effect))")
        }
        let errand = mayChange ? errand(effect) : refusal(of: effect)
        changes += 1
        // What changes nothing is called off when weir ends, instead of being waited for.
        let hold = effect.isDryRun ? nil : Hold(underWay)
        audit.asked(effect, number: changes, identity: identity) { [mailbox, audit] change in
            errand { event in
                audit.answered(change, event)
                mailbox.post(event)
                hold?.stay()
            }
        }
    }

    /// What carries a change out and tells its answer, once.
    typealias Errand = @Sendable (_ answer: @escaping @Sendable (Event) -> Void) -> Void

    private func refusal(of effect: Effect) -> Errand {
        let words = "read-only: nothing was sent"
        return failing(effect, ActionFailure(.readOnly, words), GitFailure(.readOnly, words))
    }

    private func failing(_ effect: Effect, _ failure: ActionFailure, _ gitFailure: GitFailure) -> Errand {
        switch effect {
        case .requestReconcile(let ref, let token, _):
            { $0(.reconcileRequested(ref, token: token, .failure(failure))) }
        case .setSuspended(let ref, let isSuspended, _):
            { $0(.suspensionChanged(ref, isSuspended: isSuspended, .failure(failure))) }
        case .compareExactly(let question, let ticket):
            { $0(.exactlyCompared(question.applier, .failure(failure), ticket)) }
        case .commitAndPush(_, let ticket):
            { $0(.pushed(.failure(gitFailure), ticket)) }
        default:
            preconditionFailure("an effect that changes nothing has no refusal")
        }
    }

    private func errand(_ effect: Effect) -> Errand {
        switch effect {
        case .requestReconcile(let ref, let token, let force):
            if let session = sessions[ref.cluster] {
                return { answer in
                    session.requestReconcile(ref, apiVersion: "", token: token, force: force) { result in
                        answer(.reconcileRequested(ref, token: token, result.mapError(ActionFailure.init)))
                    }
                }
            }
        case .setSuspended(let ref, let isSuspended, let reason):
            if let session = sessions[ref.cluster] {
                return { answer in
                    session.setSuspended(ref, isSuspended, by: Operator.name, reason: reason) { result in
                        let result = result.mapError(ActionFailure.init)
                        answer(.suspensionChanged(ref, isSuspended: isSuspended, result))
                    }
                }
            }
        case .compareExactly(let question, let ticket):
            if let session = sessions[question.applier.cluster] {
                return comparison(question, ticket, by: session)
            }
        case .commitAndPush(let plan, let ticket):
            if let mirror = mirrors[plan.value.request.repository] {
                return { answer in mirror.commitAndPush(plan) { answer(.pushed($0, ticket)) } }
            }
        default: break
        }
        let cluster = effect.changedCluster.map { "\($0)" } ?? ""
        return failing(
            effect,
            ActionFailure(.notFound, "\(cluster) is not among the clusters"),
            GitFailure(.notFound, "no cluster reads the repository at the moment")
        )
    }

    /// For the log: what is changed, never with what credentials.
    private func describe(_ effect: Effect) -> String {
        switch effect {
        case .requestReconcile(let ref, _, let force):
            "\(force ? "force" : "reconcile") \(ref) on \(ref.cluster)"
        case .setSuspended(let ref, let isSuspended, let reason):
            "\(isSuspended ? "suspend" : "resume") \(ref) on \(ref.cluster)\(reason.map { ": \($0)" } ?? "")"
        case .compareExactly(let question, _):
            "dry run of \(question.applier) on \(question.applier.cluster)"
        case .commitAndPush(let plan, _):
            "revert \(plan.value.target.id) on \(plan.value.request.destination) of \(plan.value.request.repository)"
        default:
            "read"
        }
    }
}

// MARK: Clusters

extension EffectRunner {
    private func loadObject(_ ref: ObjectRef, _ ticket: Ticket) {
        guard let session = sessions[ref.cluster] else {
            let failure = ActionFailure(.notFound, "\(ref.cluster) is not among the clusters")
            mailbox.post(.objectLoaded(ref, .failure(failure), ticket))
            return
        }
        let mailbox = mailbox
        session.describe(ref) { mailbox.post(.objectLoaded(ref, $0.mapError(ActionFailure.init), ticket)) }
    }
}

// MARK: Repositories

extension EffectRunner {
    /// Keeps just the mirrors that are demanded.
    private func follow(_ demands: [RepositoryDemand]) {
        for demand in demands {
            if let mirror = mirrors[demand.id] {
                mirror.follow(refs: Set(demand.refs))
                continue
            }
            var repository = RepositorySettings(
                id: demand.id,
                url: demand.url,
                cacheDirectory: cacheDirectory,
                refs: Set(demand.refs),
                isReadOnly: isReadOnly,
                authorName: settings.git.authorName,
                authorEmail: settings.git.authorEmail
            )
            if let secrets {
                repository.ask = { secrets.ask($0) }
            }
            let mirror = RepositoryMirror(settings: repository) { [mailbox] in
                mailbox.post(.repositoryChanged($0))
            }
            mirrors[demand.id] = mirror
            mirror.fetch()
            if tellsUnsettled {
                mirror.unsettledPushes { [mailbox] remnants in
                    for remnant in remnants {
                        mailbox.post(.pushSettled(remnant))
                    }
                }
            }
        }
        let wanted = Set(demands.map(\.id))
        for id in mirrors.keys.filter({ !wanted.contains($0) }) {
            mirrors.removeValue(forKey: id)?.stop()
            secrets?.withdraw(id)
        }
    }

    private func measure(_ keys: [DistanceKey]) {
        for (repository, keys) in Dictionary(grouping: keys, by: \.repository) {
            let mailbox = mailbox
            mirrors[repository]?.distances(keys) { mailbox.post(.distancesMeasured($0)) }
        }
    }

    private func with(
        _ repository: RepositoryID,
        or failed: (GitFailure) -> Event,
        _ run: (RepositoryMirror) -> Void
    ) {
        guard let mirror = mirrors[repository] else {
            mailbox.post(failed(GitFailure(.notFound, "no cluster reads \(repository) at the moment")))
            return
        }
        run(mirror)
    }
}

extension ActionFailure {
    init(_ failure: ClusterFailure) {
        let cause: Cause =
            switch failure.cause {
            case .unreachable: .unreachable
            case .unauthenticated, .forbidden: .forbidden
            case .notFound: .notFound
            case .conflict: .conflict
            case .readOnly: .readOnly
            case .invalid: .invalid
            case .busy, .other: .other
            }
        self.init(cause, failure.message)
    }
}

/// Keeps a group from ending for as long as somebody may still give an answer, once, twice or never.
private final class Hold: Sendable {
    private let group: DispatchGroup

    init(_ group: DispatchGroup) {
        self.group = group
        group.enter()
    }

    deinit {
        group.leave()
    }

    /// Called by whoever holds it: it must not go before.
    func stay() {}
}

extension Effect {
    /// True for what counts as a change, and changes nothing.
    fileprivate var isDryRun: Bool {
        if case .compareExactly = self { true } else { false }
    }
}
