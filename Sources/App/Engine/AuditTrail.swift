import Chrono
import Clusters
import Configuration
import Dashboard
import Git
import Glibc
import Kube
import KubeWire
import Ledger
import Text

/// Writes every change into the ledger: when it is asked for, before it leaves, and how it ended.
///
/// - Thread: any.
struct AuditTrail: Sendable {
    private let desk: LedgerDesk?
    private let gitIdentity: String
    private let identities: [ClusterID: String]
    private let isDashboard: Bool
    /// Tells the changes of this process from those of others.
    private let process: String

    init(_ fleet: FleetAssembly, desk: LedgerDesk?) {
        self.desk = desk
        let git = fleet.settings.git
        gitIdentity = [git.authorName, git.authorEmail.map { "<\($0)>" }].compactMap(\.self)
            .joined(separator: " ")
        identities = Dictionary(
            fleet.clusters.map { ($0.id, AuditTrail.identity($0)) },
            uniquingKeysWith: { first, _ in first }
        )
        isDashboard = fleet.isDashboard
        process = "\(getpid()).\(SystemClock.now.nanoseconds)"
    }

    /// As whom the kubeconfig lets weir in, without anything secret.
    private static func identity(_ cluster: ClusterSettings) -> String {
        guard case .success(let access) = cluster.access else {
            return ""
        }
        let impersonated = access.impersonation.first { $0.name.lowercased() == "impersonate-user" }?.value
        if let impersonated {
            return "as \(impersonated)"
        }
        let credentials = access.credentials
        if let user = credentials.basic?.user {
            return user
        }
        if let exec = credentials.exec {
            return "by \(exec.command)"
        }
        return credentials.certificate != nil
            ? "client certificate" : credentials.bearer != nil ? "bearer token" : ""
    }

    // MARK: - Writing

    /// Notes a change, and only then does what `send` does: on the disk first, then out of the process.
    ///
    /// - Shape: returns what `answered` wants to know it by; nil where nothing is noted. A ledger that cannot be
    ///   written is told to the operator and holds nothing up: what must be done now does not wait for a full disk.
    /// - Thread: `send` runs on the ledger's queue, or at once where there is no ledger.
    func asked(
        _ effect: Effect,
        number: Int,
        identity: String?,
        then send: @escaping @Sendable (_ change: String?) -> Void
    ) {
        guard let desk, let change = Change(effect) else {
            send(nil)
            return
        }
        let cluster = effect.changedCluster
        let record = AuditRecord(
            change: "\(process).\(number)",
            at: SystemClock.now,
            user: Operator.name,
            host: AuditTrail.host,
            gitIdentity: change.author.isEmpty ? gitIdentity : change.author,
            cluster: cluster?.name ?? "",
            clusterIdentity: cluster.flatMap { identity ?? identities[$0] } ?? "",
            action: change.action,
            subject: change.subject,
            plan: change.plan,
            confirmation: isDashboard ? "in the dashboard" : "on the command line"
        )
        desk.ask { ledger throws(LedgerFailure) in
            try ledger.asked(record)
        } then: { [isDashboard] result in
            // A screen is told by the desk; a script has no other line to read it on.
            if !isDashboard, case .failure(let failure) = result {
                CommandLineOutput.complain("weir: this change is not in the ledger: \(failure)")
            }
            send(record.change)
        }
    }

    /// Notes how a change ended; one that was not noted when it was asked for stays out.
    func answered(_ change: String?, _ event: Event) {
        guard let desk, let change, let (result, message) = AuditTrail.ending(event) else {
            return
        }
        let now = SystemClock.now
        desk.perform { ledger throws(LedgerFailure) in
            try ledger.ended(change, at: now, result: result, message: message)
        }
    }

    /// What a dry run is called in the ledger: it changes nothing, and there are many.
    static let dryRun = "dry run"

    /// Reads the newest changes, of whichever weir; what was noted before is among them.
    func load(
        limit: Int,
        withDryRuns: Bool,
        then: @escaping @Sendable (Result<[AuditEntry], ActionFailure>) -> Void
    ) {
        guard let desk else {
            then(.failure(ActionFailure(.notFound, "no ledger is kept here")))
            return
        }
        desk.ask { ledger throws(LedgerFailure) in
            try ledger.audit(
                since: Timestamp(seconds: 0),
                limit: limit,
                leavingOut: withDryRuns ? nil : AuditTrail.dryRun
            )
        } then: { result in
            then(
                result.map { $0.map { AuditEntry($0) } }
                    .mapError { ActionFailure(.other, Sanitiser.line($0.description)) }
            )
        }
    }

    /// Calls back once all of it is written.
    func flush(then: @escaping @Sendable () -> Void) {
        guard let desk else {
            then()
            return
        }
        desk.flush(then: then)
    }

    private static var host: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else {
            return ""
        }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    // MARK: - Changes and answers

    private struct Change {
        let action: String
        let subject: String
        let plan: String
        /// Who stands in the commit; empty for a change of a cluster.
        var author = ""

        init?(_ effect: Effect) {
            switch effect {
            case .requestReconcile(let ref, let token, let force):
                action = force ? "force" : "reconcile"
                subject = ref.description
                plan = "requestedAt \(token)"
            case .setSuspended(let ref, let isSuspended, let reason):
                action = isSuspended ? "suspend" : "resume"
                subject = ref.description
                plan = reason ?? ""
            case .commitAndPush(let plan, _):
                let request = plan.value.request
                action = "revert"
                subject = "\(request.destination) of \(request.repository)"
                self.plan = "\(plan.value.target.id) on \(plan.value.tip): \(plan.value.message)"
                author = "\(plan.value.author) <\(plan.value.email)>"
            case .compareExactly(let question, _):
                action = AuditTrail.dryRun
                subject =
                    question.only?.ref(in: question.applier.cluster).description
                    ?? question.applier.description
                plan =
                    switch question.wanted {
                    case .built(_, let commit, _):
                        "server-side apply of \(Revision.cut(commit)) as kustomize-controller, changing nothing"
                    case .release:
                        "server-side apply of what Helm stored as helm-controller, changing nothing"
                    }
            default: return nil
            }
        }
    }

    private static func ending(_ event: Event) -> (result: String, message: String)? {
        switch event {
        case .reconcileRequested(_, _, let result): words(result)
        case .suspensionChanged(_, _, let result): words(result)
        case .pushed(.success(let receipt), _): ("done", "\(receipt.commit) on \(receipt.branch)")
        case .pushed(.failure(let failure), _):
            (failure.cause == .readOnly ? "refused" : "failed", failure.message)
        case .exactlyCompared(_, .success(let drift), _):
            ("done", "\(drift.differing.count) of \(drift.findings.count) objects differ")
        case .exactlyCompared(_, .failure(let failure), _):
            (failure.cause == .readOnly ? "refused" : "failed", failure.message)
        default: nil
        }
    }

    private static func words<Value>(_ result: Result<Value, ActionFailure>) -> (String, String) {
        switch result {
        case .success: ("done", "")
        case .failure(let failure): (failure.cause == .readOnly ? "refused" : "failed", failure.message)
        }
    }
}

extension AuditEntry {
    /// What one weir wrote, made harmless for the screen of another.
    fileprivate init(_ record: AuditRecord) {
        let user = Sanitiser.line(record.user, limit: 100)
        self.init(
            change: record.change,
            at: record.at,
            who: record.host.isEmpty ? user : "\(user)@\(Sanitiser.line(record.host, limit: 100))",
            identity: Sanitiser.line(record.cluster.isEmpty ? record.gitIdentity : record.clusterIdentity),
            cluster: Sanitiser.line(record.cluster),
            action: Sanitiser.line(record.action, limit: 40),
            subject: Sanitiser.line(record.subject),
            plan: Sanitiser.line(record.plan),
            confirmation: Sanitiser.line(record.confirmation, limit: 100),
            result: record.result.map { Sanitiser.line($0, limit: 40) },
            message: Sanitiser.line(record.message),
            ended: record.ended
        )
    }
}
