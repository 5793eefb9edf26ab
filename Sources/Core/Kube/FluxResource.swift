package import Chrono

/// One object of Flux as weir keeps it: what is shown, judged or acted on, and nothing else.
///
/// - Shape: every string was sanitised when it was decoded; `managedFields` and unknown fields are dropped.
/// - Source: built by `FluxResource.decode`, replaced whole by each watch event.
package struct FluxResource: Hashable, Sendable {
    package var ref: ObjectRef
    package var kind: FluxKind
    /// The API version without its group, in which the object was read; patches go to the same.
    package var apiVersion: String
    package var uid: String
    /// Opaque; only equality means anything.
    package var resourceVersion: String
    package var generation: Int64
    package var created: Timestamp?
    package var isTerminating: Bool
    package var isSuspended: Bool
    /// Who suspended it, from `fluxcd.controlplane.io/suspendedBy`.
    package var suspendedBy: String?
    /// Why it was suspended, from weir's own annotation `weir.dev/suspend-reason`.
    package var suspendReason: String?
    /// Since when it is suspended, from weir's own annotation `weir.dev/suspended-at`; nil where others did it.
    package var suspendedSince: Timestamp?
    /// The last value of `reconcile.fluxcd.io/requestedAt`: an opaque token.
    package var requestedAt: String?
    /// The token that the controller last acknowledged.
    package var lastHandledReconcileAt: String?
    package var interval: Duration?
    package var retryInterval: Duration?
    package var timeout: Duration?
    package var conditions: [Condition]
    package var observedGeneration: Int64?
    /// The Kustomization that applies this object, as `namespace/name` in the same cluster.
    package var parent: ObjectRef?
    package var source: SourceFacts? {
        get { sourceBox?.value }
        set { sourceBox = newValue.map { Box($0) } }
    }
    package var applier: ApplierFacts? {
        get { applierBox?.value }
        set { applierBox = newValue.map { Box($0) } }
    }
    package var automation: AutomationFacts? {
        get { automationBox?.value }
        set { automationBox = newValue.map { Box($0) } }
    }
    /// The version of Flux that a FluxInstance or FluxReport tells, `v2.9.4`.
    package var distribution: String?
    /// Derived by `classify` when the object was decoded.
    package var state: SyncState

    // Each object has one kind of facts, and room for all three in every one would double its size.
    private var sourceBox: Box<SourceFacts>?
    private var applierBox: Box<ApplierFacts>?
    private var automationBox: Box<AutomationFacts>?

    package init(ref: ObjectRef, kind: FluxKind, state: SyncState) {
        self.ref = ref
        self.kind = kind
        self.state = state
        apiVersion = "v1"
        uid = ""
        resourceVersion = ""
        generation = 1
        isTerminating = false
        isSuspended = false
        conditions = []
    }

    package func condition(_ type: String) -> Condition? {
        conditions.first { $0.type == type }
    }

    /// The summary condition; nil for kinds without status and for objects no controller has seen.
    package var ready: Condition? {
        condition("Ready")
    }

    /// The one sentence that explains the state; empty where there is nothing to say.
    package var message: String {
        if state == .stalled, let stalled = condition("Stalled"), !stalled.message.isEmpty {
            return stalled.message
        }
        return ready?.message ?? ""
    }

    /// The reason of the condition that decides the state, `HealthCheckFailed`.
    package var reason: String {
        state == .stalled ? condition("Stalled")?.reason ?? "" : ready?.reason ?? ""
    }

    /// True while a failed attempt is being tried again.
    package var isRetrying: Bool {
        condition("Reconciling")?.reason == "ProgressingWithRetry"
    }

    /// When the controller last finished with the object, as far as the object itself tells.
    package var lastReconciled: Timestamp? {
        let finished = applierBox?.value.history.first?.lastReconciled
        let turned = ready?.lastTransition
        guard let finished, let turned else {
            return finished ?? turned
        }
        return max(finished, turned)
    }

    /// When an applier last ended a run in which all went well.
    package var lastSucceeded: Timestamp? {
        let runs = applierBox?.value.history.filter { $0.status == "ReconciliationSucceeded" } ?? []
        return runs.compactMap(\.lastReconciled).max() ?? (ready?.status == .yes ? lastReconciled : nil)
    }

    /// A moment at which an applier had just put right what it applies: when its last good run began.
    ///
    /// What it found different it corrected then; the health checks after it look on.
    package var lastPutRight: Timestamp? {
        let runs = applierBox?.value.history.filter { $0.status == "ReconciliationSucceeded" } ?? []
        let begun = runs.compactMap { run in
            run.lastReconciled.map { $0.advanced(by: .zero - (run.duration ?? effectiveTimeout)) }
        }
        guard begun.isEmpty else {
            return begun.max()
        }
        return ready?.status == .yes ? lastReconciled?.advanced(by: .zero - effectiveTimeout) : nil
    }

    /// The newest run on record that sent its objects to the cluster, be it that they never became healthy.
    ///
    /// - Source: kustomize-controller prunes and looks after health once everything is applied.
    package var lastWrite: HistoryEntry? {
        applierBox?.value.history.filter { run in
            ["ReconciliationSucceeded", "HealthCheckFailed", "PruneFailed"].contains(run.status)
        }.max { ($0.lastReconciled?.nanoseconds ?? .min) < ($1.lastReconciled?.nanoseconds ?? .min) }
    }

    /// True while a run waits for the health of what it has applied.
    package var isCheckingHealth: Bool {
        conditions.contains { $0.type != "Healthy" && $0.message.hasPrefix("Running health checks") }
    }

    /// How long a run may take, health checks included.
    ///
    /// - Source: kustomize-controller: `spec.timeout`, else 30 s less than the interval, 30 s at least.
    package var effectiveTimeout: Duration {
        timeout ?? max(.seconds(30), (interval ?? .seconds(60)) - .seconds(30))
    }

    /// The revision that runs: applied for appliers, stored for sources.
    package var revision: Revision? {
        applier?.lastApplied ?? source?.artifact
    }

    /// The Git commit that runs, whatever the artifact travelled in.
    package var commit: String? {
        applier?.lastApplied?.commit ?? applier?.origin?.commit ?? source?.artifact?.commit
            ?? source?.origin?.commit
    }
}

/// What a source object tells: where it reads, what it follows, what it holds.
package struct SourceFacts: Hashable, Sendable {
    /// The address as written in the spec, credentials removed.
    package var url: String
    package var follows: FollowedRef
    /// The stored artifact's revision; consumers use it even while the source fails.
    package var artifact: Revision?
    package var artifactUpdated: Timestamp?
    /// The Git revision that CI packed into an OCI artifact.
    package var origin: Revision?
    /// The repository that CI packed, from `org.opencontainers.image.source`.
    package var originURL: String?
    /// What else its content is put together from; nil where that is its own address alone.
    package var composition: SourceComposition?
    /// What a chart or an OCI artifact may be, in words: `versions 6.x`, `tag latest`, `digest sha256:9f2c…`.
    package var range: String?
    /// HelmChart only: the repository whose index it is chosen from.
    package var chartSource: ObjectRef?
    /// HelmChart only: the index that was looked at when it was chosen.
    package var observedIndex: Revision?
    /// True where `spec.verify` demands signatures: an unsigned commit would not be taken.
    package var verifies: Bool

    package init(
        url: String,
        follows: FollowedRef,
        artifact: Revision? = nil,
        artifactUpdated: Timestamp? = nil,
        origin: Revision? = nil,
        originURL: String? = nil,
        composition: SourceComposition? = nil,
        verifies: Bool = false
    ) {
        self.url = url
        self.follows = follows
        self.artifact = artifact
        self.artifactUpdated = artifactUpdated
        self.origin = origin
        self.originURL = originURL
        self.composition = composition
        self.verifies = verifies
    }
}

/// What a source follows in its remote.
///
/// - Source: GitRepository `spec.ref`, precedence commit > name > semver > tag > branch; without any, `master`.
package enum FollowedRef: Hashable, Sendable {
    case branch(String)
    case tag(String)
    case semver(String)
    /// A full ref name such as `refs/pull/420/head`.
    case name(String)
    case commit(String)
    /// No Git ref at all: registries, buckets, chart indexes.
    case none

    /// The branch that a new commit must be on to be taken; nil where no push can reach the source.
    package var branch: String? {
        switch self {
        case .branch(let name): name
        case .name(let name) where name.hasPrefix("refs/heads/"): String(name.dropFirst(11))
        case .name, .tag, .semver, .commit, .none: nil
        }
    }

    /// In words, for "not affected" reasons: `branch staging`, `tag v1.2`.
    package var words: String {
        switch self {
        case .branch(let name): "branch \(name)"
        case .tag(let name): "tag \(name)"
        case .semver(let range): "versions \(range)"
        case .name(let name): name
        case .commit(let id): "commit \(Revision.cut(id))"
        case .none: "no Git ref"
        }
    }
}

/// What an applier tells: what it applies from where, and how far it came.
package struct ApplierFacts: Hashable, Sendable {
    package var source: ObjectRef?
    /// The path in the source as in the spec, `./apps/checkout`; nil for kinds without one.
    package var path: String?
    package var prunes: Bool
    package var waits: Bool
    package var dependsOn: [ObjectRef]
    package var lastApplied: Revision?
    package var lastAttempted: Revision?
    /// The Git revision behind an OCI artifact.
    package var origin: Revision?
    package var inventory: Inventory
    /// Newest first, five at most; Flux deduplicates it, so it is no log.
    package var history: [HistoryEntry]
    /// True where the objects live in another cluster (`spec.kubeConfig`).
    package var isRemote: Bool
    /// HelmRelease only: the chart's name or reference.
    package var chart: String?
    /// HelmRelease only: the versions that it may be, `6.x`.
    package var chartRange: String?
    /// HelmRelease only: the HelmChart or OCIRepository that holds what the source offers.
    package var chartObject: ObjectRef?
    /// True where Helm's own drift detection says `Drifted` and is switched on.
    package var helmDrifted: Bool
    /// HelmRelease only: whether differences are looked for, and put back.
    package var driftDetection: DriftDetection = .off
    /// What may differ, by `spec.ignore` or `spec.driftDetection.ignore`.
    package var ignores: [IgnoreRule] = []
    /// Kustomization only: members of `spec` that change what files say, `patches`, `postBuild`.
    package var transforms: [String] = []

    package init(
        source: ObjectRef? = nil,
        path: String? = nil,
        prunes: Bool = false,
        waits: Bool = false,
        dependsOn: [ObjectRef] = [],
        lastApplied: Revision? = nil,
        lastAttempted: Revision? = nil,
        origin: Revision? = nil,
        inventory: Inventory = Inventory(),
        history: [HistoryEntry] = [],
        isRemote: Bool = false,
        chart: String? = nil,
        helmDrifted: Bool = false
    ) {
        self.source = source
        self.path = path
        self.prunes = prunes
        self.waits = waits
        self.dependsOn = dependsOn
        self.lastApplied = lastApplied
        self.lastAttempted = lastAttempted
        self.origin = origin
        self.inventory = inventory
        self.history = history
        self.isRemote = isRemote
        self.chart = chart
        self.helmDrifted = helmDrifted
    }
}

/// The mode of a HelmRelease's drift detection.
package enum DriftDetection: Hashable, Sendable {
    case off, warn, corrects
}

/// One entry of `status.history`.
package struct HistoryEntry: Hashable, Sendable {
    package var firstReconciled: Timestamp?
    package var lastReconciled: Timestamp?
    package var duration: Duration?
    /// The reason of that run, `ReconciliationSucceeded`; for Helm the release status, `deployed`.
    package var status: String
    package var revision: Revision?
    /// The Git revision behind an OCI artifact.
    package var origin: Revision?
    package var count: Int
    /// The beginning of the checksum of what was built; nil for releases.
    package var digest: UInt64?

    package init(
        firstReconciled: Timestamp? = nil,
        lastReconciled: Timestamp? = nil,
        duration: Duration? = nil,
        status: String,
        revision: Revision? = nil,
        origin: Revision? = nil,
        count: Int = 1,
        digest: UInt64? = nil
    ) {
        self.origin = origin
        self.digest = digest
        self.firstReconciled = firstReconciled
        self.lastReconciled = lastReconciled
        self.duration = duration
        self.status = status
        self.revision = revision
        self.count = count
    }
}

extension Collection where Element == HistoryEntry {
    /// What runs of releases told newest first: the newest that went well; nil where none did, or it was uninstalled.
    ///
    /// - Source: Helm marks a release `superseded` when another one went well after it, not when one failed.
    var runningRelease: HistoryEntry? {
        let standing = prefix { !$0.status.hasPrefix("uninstall") }
        return standing.first { ["deployed", "superseded"].contains($0.status) }
    }
}

extension HistoryEntry {
    /// True for a release that Helm is still working at.
    package var isPending: Bool { status.hasPrefix("pending-") }
}

/// What an ImageUpdateAutomation tells: which source it writes to, and what it wrote last.
package struct AutomationFacts: Hashable, Sendable {
    package var source: ObjectRef?
    package var pushBranch: String?
    package var checkoutBranch: String?
    package var updatePath: String?
    package var authorEmail: String?
    package var lastPushCommit: String?
    package var lastRun: Timestamp?

    package init(
        source: ObjectRef? = nil,
        pushBranch: String? = nil,
        checkoutBranch: String? = nil,
        updatePath: String? = nil,
        authorEmail: String? = nil,
        lastPushCommit: String? = nil,
        lastRun: Timestamp? = nil
    ) {
        self.source = source
        self.pushBranch = pushBranch
        self.checkoutBranch = checkoutBranch
        self.updatePath = updatePath
        self.authorEmail = authorEmail
        self.lastPushCommit = lastPushCommit
        self.lastRun = lastRun
    }
}
