import Synchronization

/// The faults that one cluster suffers from at the moment.
///
/// - Thread: any.
final class FaultBoard: Sendable {
    private let faults = Mutex<[Fault]>([])

    init() {}

    var active: [Fault] { faults.withLock { $0 } }

    func add(_ fault: Fault) {
        faults.withLock { $0.append(fault) }
    }

    func clear() {
        faults.withLock { $0 = [] }
    }

    /// Whether a fault of the connection, such as `.down`, is there.
    func has(_ kind: Fault.Kind) -> Bool {
        faults.withLock { $0.contains { $0.kind == kind } }
    }

    /// The faults that strike a request; each of them counts down.
    func strike(_ requestClass: RequestClass, namespace: String?, resource: String? = nil) -> [Fault] {
        strike { fault in
            guard fault.strikesRequests else { return false }
            if !fault.only.isEmpty, !fault.only.contains(requestClass) { return false }
            if let wanted = fault.resource, wanted != resource { return false }
            return fault.namespace.map { $0 == namespace } ?? true
        }
    }

    /// A fault that cuts the line of a watch which is already running.
    func strikeRunningWatch(namespace: String?) -> Fault? {
        var isTaken = false
        return strike { fault in
            guard !isTaken else { return false }
            switch fault.kind {
            case .cut, .reset: break
            default: return false
            }
            if !fault.only.isEmpty, !fault.only.contains(.watch) { return false }
            isTaken = fault.namespace.map { $0 == namespace } ?? true
            return isTaken
        }.first
    }

    private func strike(where applies: (Fault) -> Bool) -> [Fault] {
        faults.withLock { faults in
            var struck: [Fault] = []
            for index in faults.indices where applies(faults[index]) {
                struck.append(faults[index])
                if let times = faults[index].times { faults[index].times = times - 1 }
            }
            faults.removeAll { $0.times == 0 }
            return struck
        }
    }
}
