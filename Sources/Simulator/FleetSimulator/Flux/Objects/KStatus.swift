/// Whether an object has reached what its spec asks for, by the rules of kstatus.
///
/// - Source: `kstatus/status/{generic,core}.go` of the Flux fork of cli-utils.
enum KStatus: String, Sendable {
    case current = "Current"
    case inProgress = "InProgress"
    case failed = "Failed"
    case terminating = "Terminating"
    case notFound = "NotFound"

    /// The status of a stored object; nil stands for one that does not exist.
    static func of(_ object: JSON?) -> KStatus {
        guard let object else { return .notFound }
        if object.isTerminating { return .terminating }
        if let observed = object[path: "status", "observedGeneration"]?.int, observed != object.generation {
            return .inProgress
        }
        for condition in object[path: "status", "conditions"]?.array ?? []
        where condition["status"]?.string == "True" {
            if condition["type"]?.string == "Reconciling" { return .inProgress }
            if condition["type"]?.string == "Stalled" { return .failed }
        }
        switch object.kind {
        case "Deployment": return deployment(object)
        case "StatefulSet": return statefulSet(object)
        case "DaemonSet": return daemonSet(object)
        case "Job": return job(object)
        case "ConfigMap", "Secret", "Service", "Namespace": return .current
        default: break
        }
        guard let ready = object.conditionStatus("Ready") else { return .current }
        return ready == "True" ? .current : .inProgress
    }

    private static func number(_ object: JSON, _ key: String) -> Int64 {
        object[path: "status", key]?.int ?? 0
    }

    private static func deployment(_ object: JSON) -> KStatus {
        let wanted = object[path: "spec", "replicas"]?.int ?? 1
        guard object[path: "status", "observedGeneration"] != nil else { return .inProgress }
        let progressing = object.condition("Progressing")
        if progressing?["reason"]?.string == "ProgressDeadlineExceeded" { return .failed }
        guard number(object, "replicas") >= wanted, number(object, "updatedReplicas") >= wanted else {
            return .inProgress
        }
        guard number(object, "replicas") == number(object, "updatedReplicas") else { return .inProgress }
        guard number(object, "availableReplicas") >= wanted, number(object, "readyReplicas") >= wanted else {
            return .inProgress
        }
        return object.conditionStatus("Available") == "True" ? .current : .inProgress
    }

    private static func statefulSet(_ object: JSON) -> KStatus {
        let wanted = object[path: "spec", "replicas"]?.int ?? 1
        guard object[path: "status", "observedGeneration"] != nil else { return .inProgress }
        return number(object, "readyReplicas") >= wanted && number(object, "updatedReplicas") >= wanted
            ? .current : .inProgress
    }

    private static func daemonSet(_ object: JSON) -> KStatus {
        guard object[path: "status", "observedGeneration"] != nil else { return .inProgress }
        let wanted = number(object, "desiredNumberScheduled")
        return number(object, "numberReady") >= wanted && number(object, "updatedNumberScheduled") >= wanted
            ? .current : .inProgress
    }

    private static func job(_ object: JSON) -> KStatus {
        if object.conditionStatus("Failed") == "True" { return .failed }
        if object.conditionStatus("Complete") == "True" || object[path: "spec", "suspend"]?.bool == true {
            return .current
        }
        return .inProgress
    }
}
