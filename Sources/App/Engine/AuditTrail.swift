import Chrono
import Clusters
import Configuration
import Dashboard
import Git
import Glibc
import Kube
import KubeWire
import Ledger

/// Writes every change into the ledger: when it is asked for, before it leaves, and how it ended.
///
/// - Thread: `asked` on the thread that owns the state, `answered` from any queue.
struct AuditTrail: Sendable {
    private let desk: LedgerDesk?
    private let gitIdentity: String
    private let identities: [ClusterID: String]
    private let confirmation: String
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
        confirmation = fleet.isDashboard ? "in the dashboard" : "on the command line"
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

    /// Notes a change before anything of it leaves; `number` tells it from the others of this process.
    ///
    /// - Shape: what `answered` wants to know it by; nil where nothing is noted. A ledger that cannot be written
    ///   is told to the operator and holds nothing up: what must be done now does not wait for a full disk.
    func asked(_ effect: Effect, number: Int) -> String? {
        guard let desk, let change = Change(effect) else {
            return nil
        }
        let cluster = effect.changedCluster
        let record = AuditRecord(
            change: "\(process).\(number)",
            at: SystemClock.now,
            user: Operator.name,
            host: AuditTrail.host,
            gitIdentity: gitIdentity,
            cluster: cluster?.name ?? "",
            clusterIdentity: cluster.flatMap { identities[$0] } ?? "",
            action: change.action,
            subject: change.subject,
            plan: change.plan,
            confirmation: confirmation
        )
        let isNoted = desk.performNow { ledger throws(LedgerFailure) in try ledger.asked(record) }
        return isNoted ? record.change : nil
    }

    func answered(_ change: String?, _ event: Event) {
        guard let desk, let change, let (result, message) = AuditTrail.ending(event) else {
            return
        }
        let now = SystemClock.now
        desk.perform { ledger throws(LedgerFailure) in
            try ledger.ended(change, at: now, result: result, message: message)
        }
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
                subject = "\(request.branch) of \(request.repository)"
                self.plan = "\(plan.value.target.id) on \(plan.value.tip): \(plan.value.message)"
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
