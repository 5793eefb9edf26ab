import Chrono
import Dashboard
import HashTreeCollections
import Kube

package struct ReconcileCommand {
    private let resource: String
    private let namespace: String
    private let withSource: Bool
    private let force: Bool
    private let confirmed: Set<String>
    private let waits: Bool
    private let timeout: String

    package init(
        resource: String,
        namespace: String,
        withSource: Bool,
        force: Bool,
        confirmed: [String] = [],
        waits: Bool,
        timeout: String
    ) {
        self.resource = resource
        self.namespace = namespace
        self.withSource = withSource
        self.force = force
        self.confirmed = Set(confirmed)
        self.waits = waits
        self.timeout = timeout
    }

    /// Asks Flux to reconcile the resource on every named cluster that has it; with `--wait` until the end.
    ///
    /// - Shape: 0 when it was asked, or is ready in the end; 1 when it is not ready; 2 when it was not asked.
    package func run(_ options: LaunchOptions) throws(LaunchFailure) -> Int32 {
        let limit = try Duration.argument(timeout, option: "--timeout")
        let named = try ResourceArgument(resource, namespace: namespace)
        try FleetAssembly.checkNamesCluster(options)
        try LogFile.start(options)
        let fleet = try HeadlessFleet(options)
        defer { fleet.stop() }
        fleet.settle(within: .seconds(20), gitWithin: .zero)
        fleet.awaitIdentities()
        CommandLineOutput.goOnWithoutReader()
        let refs = fleet.store.state.profiles.map { named.ref(on: $0.id) }
        return order(refs, on: fleet, limit: limit)
    }

    private func order(_ refs: [ObjectRef], on fleet: HeadlessFleet, limit: Duration) -> Int32 {
        let store = fleet.store
        var isRefused = false
        for ref in refs {
            var answer: Result<Void, ActionFailure> = .success(())
            store.perform { state in
                answer = state.orderResync(
                    of: ref,
                    withSource: withSource,
                    force: force,
                    confirmed: confirmed,
                    now: SystemClock.now
                )
                return []
            }
            if case .failure(let failure) = answer {
                CommandLineOutput.complain("weir: \(store.state.explained(failure, "was not asked", ref))")
                isRefused = true
            }
        }
        store.dispatch(.timePassed)
        fleet.run(for: limit) { state in
            state.resyncs.open.allSatisfy { waits ? false : $0.phase == .asked }
        }
        for resync in store.state.resyncs.all where !resync.isSource {
            print(resync, store.state)
        }
        return exitCode(store.state, isRefused: isRefused)
    }

    private func print(_ resync: Resync, _ state: AppState) {
        let name = "\(resync.ref) on \(state.profile(resync.ref.cluster).displayName)"
        let revision = state.resource(resync.ref)?.revision.map { " at \($0.short)" } ?? ""
        switch resync.phase {
        case .ended(.ready):
            CommandLineOutput.tell("\(name): ready\(revision) after \(resync.took?.took ?? "0s")")
        case .ended:
            CommandLineOutput.tell("\(name): \(resync.outcomeWords)")
        case .asked where !waits:
            CommandLineOutput.tell("\(name): asked")
        case .queued, .resuming, .asking, .asked:
            CommandLineOutput.tell("\(name): no answer within \(timeout)")
        }
    }

    private func exitCode(_ state: AppState, isRefused: Bool) -> Int32 {
        var worst: Int32 = isRefused ? 2 : 0
        for resync in state.resyncs.all {
            switch resync.phase {
            case .ended(.ready): break
            case .ended(.refused): worst = 2
            case .asked where !waits: break
            // Without --wait a queued applier behind its source was not asked, but will be by nobody.
            case .queued where !waits: worst = max(worst, 1)
            default: worst = max(worst, 1)
            }
        }
        return worst
    }
}

extension AppState {
    /// A cluster that does not answer says why, in place of "does not exist".
    func explained(_ failure: ActionFailure, _ outcome: String, _ ref: ObjectRef) -> String {
        let problem = clusters[ref.cluster]?.snapshot.link.problem
        return problem.map { "\(ref) on \(profile(ref.cluster).displayName) \(outcome): \($0)" }
            ?? failure.message
    }
}
