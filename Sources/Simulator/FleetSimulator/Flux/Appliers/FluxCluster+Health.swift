/// Why waiting for health ended, in the words of the ssa package.
struct HealthFailure: Error, Equatable {
    let message: String
}

/// Waiting until applied objects are what they should be.
extension FluxCluster {
    /// Returns when all objects are current.
    ///
    /// - Errors: a failure at once when one has failed, or when simulated `timeout` seconds are over.
    func becomeCurrent(_ objects: [ObjectReference], timeout: Double) async throws {
        let start = ContinuousClock.now
        while true {
            let waiting = objects.compactMap { reference -> (ObjectReference, KStatus)? in
                guard let key = reference.key else { return nil }
                let status = KStatus.of(try? store.get(key))
                return status == .current ? nil : (reference, status)
            }
            if waiting.isEmpty { return }
            let failed = waiting.filter { $0.1 == .failed }
            guard failed.isEmpty else {
                throw HealthFailure(message: "failed early due to stalled resources: \(Self.listed(failed))")
            }
            let left = timeout - elapsed(since: start)
            guard left > 0 else {
                throw HealthFailure(message: "timeout waiting for: \(Self.listed(waiting))")
            }
            try await change(within: left)
        }
    }

    private static func listed(_ objects: [(ObjectReference, KStatus)]) -> String {
        "[" + objects.map { "\($0.0.subject) status: '\($0.1.rawValue)'" }.joined(separator: ", ") + "]"
    }
}
