import Dashboard
import Kube

/// `weir suspend` and `weir resume`.
package struct SuspendCommand {
    package struct Request {
        package var resource = ""
        package var namespace = ""
        package var suspends = true
        package var reason = ""
        /// Names of protected clusters, as the dashboard would have them typed.
        package var confirmed: [String] = []
        package var timeout = "30s"

        package init() {}
    }

    private let request: Request

    package init(_ request: Request) {
        self.request = request
    }

    /// Suspends or resumes the resource on every named cluster, and waits until the clusters say so.
    ///
    /// - Shape: 0 done on all; 1 sent and not seen in time; 2 refused or failed on one. Where one of several
    ///   is refused beforehand, nothing is sent to any.
    package func run(_ options: LaunchOptions) throws(LaunchFailure) -> Int32 {
        let limit = try Duration.argument(request.timeout, option: "--timeout")
        let named = try ResourceArgument(request.resource, namespace: request.namespace)
        try FleetAssembly.checkNamesCluster(options)
        guard !request.suspends || request.reason.contains(where: { !$0.isWhitespace }) else {
            throw LaunchFailure("say why for those who find it suspended: --reason \"…\"")
        }
        try LogFile.start(options)
        let fleet = try HeadlessFleet(options)
        defer { fleet.stop() }
        fleet.settle(within: .seconds(20), gitWithin: .zero)
        fleet.awaitIdentities()
        CommandLineOutput.goOnWithoutReader()
        let refs = fleet.store.state.profiles.map { named.ref(on: $0.id) }
        let before = Set(refs.filter { isDone($0, fleet.store.state) })
        var effects: [Effect] = []
        var refused: [String] = []
        fleet.store.perform { state in
            for ref in refs {
                let answer = state.orderSuspension(
                    of: ref,
                    request.suspends,
                    reason: request.reason,
                    confirmed: Set(request.confirmed)
                )
                switch answer {
                case .success(let more): effects += more
                case .failure(let failure): refused.append(state.explained(failure, "was not changed", ref))
                }
            }
            return refused.isEmpty ? effects : []
        }
        guard refused.isEmpty else {
            for sentence in refused {
                CommandLineOutput.complain("weir: \(sentence)")
            }
            return 2
        }
        fleet.run(for: limit) { state in
            refs.allSatisfy { isDone($0, state) || state.refusedSuspensions[$0] != nil }
        }
        return report(refs, before, fleet.store.state)
    }

    private func isDone(_ ref: ObjectRef, _ state: AppState) -> Bool {
        state.resource(ref)?.isSuspended == request.suspends
    }

    private func already(_ ref: ObjectRef, _ state: AppState) -> String {
        guard request.suspends else {
            return "not suspended"
        }
        let remark = state.resource(ref)?.suspensionRemark(SystemClock.now)
        return "already suspended" + (remark.map { " (\($0))" } ?? "")
    }

    /// What was as it is wanted before is no change of this command's, and is told as that.
    private func report(_ refs: [ObjectRef], _ before: Set<ObjectRef>, _ state: AppState) -> Int32 {
        var worst: Int32 = 0
        let word = request.suspends ? "suspended" : "resumed"
        for ref in refs {
            let name = "\(ref) on \(state.profile(ref.cluster).displayName)"
            if let failure = state.refusedSuspensions[ref] {
                CommandLineOutput.complain("weir: \(name) could not be \(word): \(failure.message)")
                worst = 2
            } else if before.contains(ref) {
                CommandLineOutput.tell("\(name): \(already(ref, state)), nothing was changed")
            } else if isDone(ref, state) {
                CommandLineOutput.tell("\(name): \(word)")
            } else {
                CommandLineOutput.complain("weir: \(name): no answer within \(request.timeout)")
                worst = max(worst, 1)
            }
        }
        return worst
    }
}
