import Dispatch
import Foundation

/// The Flux controllers and the workload controller of one simulated cluster.
///
/// Each object is worked on by at most one run at a time; what happens meanwhile makes it run again, as the work
/// queue of a real controller does.
///
/// - Thread: an actor on its own serial queue; store events arrive on that queue in their order.
actor FluxCluster {
    /// When an object is looked at again if nothing happens before, in seconds of the simulated world.
    enum Next: Equatable {
        case after(Double)
        case never
    }

    let name: String
    let store: ObjectStore
    let gitHost: GitHost
    let options: FluxOptions
    let files: ManifestFiles
    var random: SeededNumbers

    nonisolated let executor: QueueExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private var isRunning = false
    private var tickets: [WatchTicket] = []
    private var runs: [ObjectKey: Task<Void, Never>] = [:]
    private var again: Set<ObjectKey> = []
    private var due = DueTimes()
    private var alarm: (moment: ContinuousClock.Instant, task: Task<Void, Never>)?
    private var background: [Task<Void, Never>] = []

    private var triggers: [ObjectKey: Trigger] = [:]
    private var upstream: [ObjectKey: [ObjectKey]] = [:]
    private var downstream: [ObjectKey: Set<ObjectKey>] = [:]

    /// When the last tag of an image was published by this cluster, for new tags as time goes by.
    var lastImage: [String: ContinuousClock.Instant] = [:]

    private var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    private var lastWaiter = 0

    init(
        name: String,
        store: ObjectStore,
        gitHost: GitHost,
        options: FluxOptions,
        files: ManifestFiles,
        seed: UInt64
    ) {
        self.name = name
        self.store = store
        self.gitHost = gitHost
        self.options = options
        self.files = files
        random = SeededNumbers(seed: seed, name: name)
        executor = QueueExecutor(label: "weir.sim.flux.\(name)")
    }

    // MARK: Life

    func begin() {
        guard !isRunning else { return }
        isRunning = true
        for type in FluxKinds.workloads + FluxKinds.reconciled + [FluxKinds.externalArtifact] {
            follow(type)
        }
        background.append(Task { await self.churn() })
        background.append(Task { await self.autoscale() })
        background.append(Task { await self.injectCertificates() })
    }

    func end() {
        isRunning = false
        tickets.forEach { $0.cancel() }
        tickets = []
        runs.values.forEach { $0.cancel() }
        background.forEach { $0.cancel() }
        background = []
        alarm?.task.cancel()
        alarm = nil
        waiters.values.forEach { $0.resume() }
        waiters = [:]
    }

    private func follow(_ type: ResourceType) {
        let queue = executor.queue
        // A kind that the cluster does not serve has no controller, as with a CRD that is not installed.
        let ticket = try? store.watch(type) { [weak self] events in
            queue.async { [weak self] in self?.assumeIsolated { $0.take(events, of: type) } }
        }
        if let ticket { tickets.append(ticket) }
    }

    // MARK: Events

    private func take(_ events: [WatchEvent], of type: ResourceType) {
        guard isRunning else { return }
        for event in events {
            let object = event.object
            let key = ObjectKey(type, namespace: object.namespace, name: object.name)
            switch event.type {
            case .added, .modified: changed(key, object, before: event.previous?.json)
            case .deleted: forget(key)
            case .bookmark, .error: continue
            }
        }
        waiters.values.forEach { $0.resume() }
        waiters = [:]
    }

    private func changed(_ key: ObjectKey, _ object: JSON, before: JSON?) {
        let result = FluxGraph.result(of: object)
        if result != nil, before != nil, before.flatMap(FluxGraph.result) != result {
            for follower in downstream[key] ?? [] { enqueue(follower) }
        }
        guard FluxKinds.reconciled.contains(key.type) || FluxKinds.workloads.contains(key.type) else {
            return
        }
        link(key, to: FluxGraph.upstream(of: object))
        let trigger = Trigger(object)
        let known = triggers.updateValue(trigger, forKey: key)
        if known == nil, let wait = timeLeft(for: object) {
            schedule(key, after: wait)
        } else if known != trigger {
            enqueue(key)
        }
    }

    private func link(_ key: ObjectKey, to sources: [ObjectKey]) {
        guard upstream[key] != sources else { return }
        for old in upstream[key] ?? [] { downstream[old]?.remove(key) }
        upstream[key] = sources
        for source in sources { downstream[source, default: []].insert(key) }
    }

    private func forget(_ key: ObjectKey) {
        link(key, to: [])
        upstream[key] = nil
        triggers[key] = nil
        due.remove(key)
        runs[key]?.cancel()
    }

    /// Seconds until an object that was there before the controllers is next due; nil when it needs a run now.
    private func timeLeft(for object: JSON) -> Double? {
        if FluxKinds.workloads.contains(where: { $0.kind == object.kind }) {
            return WorkloadStatus.isSettled(object) ? .infinity : nil
        }
        if object.isTerminating { return nil }
        guard object.requestedAt == object.text("status", "lastHandledReconcileAt") else { return nil }
        if object.isSuspended { return .infinity }
        guard
            let ready = object.condition("Ready"), ready["status"]?.string != "Unknown",
            ready["observedGeneration"]?.int == object.generation
        else { return nil }
        let interval =
            object.isReady ? object.duration("interval") ?? 600 : KustomizationPlan.retryInterval(of: object)
        if object.kind == "Kustomization",
            let last = ready["lastTransitionTime"]?.string.flatMap(WireTime.date)
        {
            let age = Date().timeIntervalSince(last)
            if age < interval { return interval - age }
        }
        return random.number(0.05...1) * interval
    }

    // MARK: Work queue

    func enqueue(_ key: ObjectKey) {
        guard isRunning else { return }
        due.remove(key)
        guard runs[key] == nil else {
            again.insert(key)
            return
        }
        runs[key] = Task { await self.run(key) }
    }

    private func run(_ key: ObjectKey) async {
        var next = Next.never
        do {
            next = try await reconcile(key)
        } catch {
            // Only cancellation ends a run without an answer: the object or the whole cluster is gone.
            next = .never
        }
        runs[key] = nil
        guard isRunning else { return }
        if again.remove(key) != nil {
            enqueue(key)
        } else if case .after(let seconds) = next {
            // Intervals are stretched by up to five percent, so that objects do not march in step.
            schedule(key, after: seconds * random.number(0.97...1.03))
        }
    }

    private func reconcile(_ key: ObjectKey) async throws -> Next {
        switch key.type {
        case FluxKinds.gitRepository: try await reconcileGitRepository(key)
        case FluxKinds.ociRepository: try await reconcileOCIRepository(key)
        case FluxKinds.bucket, FluxKinds.helmRepository: try await reconcileStaticSource(key)
        case FluxKinds.helmChart: try await reconcileHelmChart(key)
        case FluxKinds.artifactGenerator: try await reconcileArtifactGenerator(key)
        case FluxKinds.kustomization: try await reconcileKustomization(key)
        case FluxKinds.helmRelease: try await reconcileHelmRelease(key)
        case FluxKinds.imageRepository: try await reconcileImageRepository(key)
        case FluxKinds.imagePolicy: try await reconcileImagePolicy(key)
        case FluxKinds.imageUpdateAutomation: try await reconcileImageUpdateAutomation(key)
        case FluxKinds.deployment, FluxKinds.statefulSet, FluxKinds.daemonSet, FluxKinds.job:
            try await rollOut(key)
        default: try await reconcileOther(key)
        }
    }

    // MARK: Time

    private func schedule(_ key: ObjectKey, after seconds: Double) {
        guard seconds.isFinite else { return }
        let factor = options.intervalFactor ?? options.timeFactor
        due.set(key, at: .now + .seconds(max(seconds * factor, 0.001)))
        setAlarm()
    }

    private func setAlarm() {
        guard isRunning, let next = due.next else { return }
        if let alarm, alarm.moment <= next { return }
        alarm?.task.cancel()
        let task = Task {
            guard (try? await Task.sleep(until: next)) != nil else { return }
            self.ring()
        }
        alarm = (next, task)
    }

    private func ring() {
        alarm = nil
        let now = ContinuousClock.now
        while let key = due.take(before: now) { enqueue(key) }
        setAlarm()
    }

    /// Lets simulated seconds pass.
    func pause(_ seconds: Double) async throws {
        try await Task.sleep(for: .seconds(max(seconds * options.timeFactor, 0)))
    }

    /// Waits until something in the cluster changes, at most the simulated seconds given.
    func change(within seconds: Double) async throws {
        try Task.checkCancellation()
        lastWaiter += 1
        let waiter = lastWaiter
        let limit = Task {
            try? await Task.sleep(for: .seconds(max(seconds * options.timeFactor, 0)))
            self.waiters.removeValue(forKey: waiter)?.resume()
        }
        defer { limit.cancel() }
        await withCheckedContinuation { waiters[waiter] = $0 }
        try Task.checkCancellation()
    }

    /// Simulated seconds since a moment.
    func elapsed(since start: ContinuousClock.Instant) -> Double {
        let passed = ContinuousClock.now - start
        let seconds = Double(passed.components.seconds) + Double(passed.components.attoseconds) * 1e-18
        return options.timeFactor > 0 ? seconds / options.timeFactor : seconds
    }

    // MARK: Writing

    /// Stores the status of an object as a controller's patch does; a deleted object is left alone.
    func save(_ object: JSON, _ key: ObjectKey, manager: String) {
        _ = try? store.update(key, manager: manager, subresource: "status") { stored in
            stored["status"] = object["status"]
        }
    }

    /// Holds an object back from deletion until its controller has cleaned up.
    func addFinalizer(
        _ key: ObjectKey,
        _ object: JSON,
        manager: String,
        finalizer: String = "finalizers.fluxcd.io"
    ) {
        let present = object[path: "metadata", "finalizers"]?.array ?? []
        guard !present.contains(.string(finalizer)) else { return }
        _ = try? store.update(key, manager: manager) { stored in
            stored[path: "metadata", "finalizers"] = .array(present + [.string(finalizer)])
        }
    }

    /// Lets a terminating object go.
    func removeFinalizers(_ key: ObjectKey, manager: String) {
        _ = try? store.update(key, manager: manager) { stored in
            stored[path: "metadata", "finalizers"] = nil
        }
    }

    /// Tells about an object in an Event.
    func tell(
        _ object: JSON,
        _ reason: String,
        _ message: String,
        warning: Bool = false,
        component: String,
        annotations: [String: String?] = [:]
    ) {
        let group = object.group
        store.recordEvent(
            involved: object,
            type: warning ? "Warning" : "Normal",
            reason: reason,
            message: message,
            component: component,
            annotations: Dictionary(
                uniqueKeysWithValues: annotations.compactMap { key, value in
                    value.map { ("\(group)/\(key)", $0) }
                }
            )
        )
    }
}
