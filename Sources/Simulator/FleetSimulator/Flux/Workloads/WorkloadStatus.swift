/// What kube-controller-manager writes into the status of workloads.
enum WorkloadStatus {
    static let manager = "kube-controller-manager"

    /// Whether the status belongs to the present spec and nothing is on its way.
    static func isSettled(_ object: JSON) -> Bool {
        KStatus.of(object) == .current || KStatus.of(object) == .failed
    }

    /// Images of all containers.
    static func images(of object: JSON) -> [String] {
        let pod = object[path: "spec", "template", "spec"]
        let containers = (pod?["containers"]?.array ?? []) + (pod?["initContainers"]?.array ?? [])
        return containers.compactMap { $0["image"]?.string }
    }

    /// Numbers a new pod template of a Deployment, as `kubectl rollout history` shows it.
    ///
    /// The number is an annotation, so it is written to the object itself and counts its generation up.
    static func countRevision(of key: ObjectKey, in store: ObjectStore) {
        guard let object = try? store.get(key), object.kind == "Deployment" else { return }
        let progress = object.condition("Progressing")?["message"]?.string ?? ""
        guard !progress.contains("-\(templateHash(of: object))\"") else { return }
        let mark = "deployment.kubernetes.io/revision"
        let next = (object.annotation(mark).flatMap { Int($0) } ?? 0) + 1
        _ = try? store.update(key, manager: manager) { stored in
            stored[path: "metadata", "annotations", mark] = .string("\(next)")
        }
    }

    /// Pods of a new template are being started; old ones, if there are any, keep serving.
    static func started(_ object: inout JSON) {
        let wanted = replicas(of: object)
        let serving = object[path: "status", "availableReplicas"]?.int ?? 0
        switch object.kind {
        case "Deployment":
            let surge = serving > 0 ? serving + 1 : wanted
            set(&object, ["replicas": surge, "updatedReplicas": min(wanted, max(1, surge - serving))])
            set(&object, ["readyReplicas": serving, "availableReplicas": serving])
            set(&object, ["unavailableReplicas": surge - serving])
            available(&object, serving > 0)
            progressing(&object, "True", "ReplicaSetUpdated", "is progressing")
        case "StatefulSet":
            set(&object, ["replicas": wanted, "readyReplicas": max(0, serving - 1)])
            set(&object, ["availableReplicas": max(0, serving - 1), "updatedReplicas": 0])
            object[path: "status", "updateRevision"] = .string("\(object.name)-\(templateHash(of: object))")
        case "DaemonSet":
            set(
                &object,
                ["desiredNumberScheduled": 3, "currentNumberScheduled": 3, "updatedNumberScheduled": 0]
            )
            set(
                &object,
                ["numberReady": min(serving, 2), "numberAvailable": min(serving, 2), "numberMisscheduled": 0]
            )
        case "Job":
            set(&object, ["active": 1, "ready": 0])
            object[path: "status", "startTime"] = .string(SimulatedTime.text())
            return
        default:
            return
        }
        object.observeGeneration()
    }

    /// All pods run and are ready.
    static func ready(_ object: inout JSON) {
        let wanted = replicas(of: object)
        switch object.kind {
        case "Deployment":
            object[path: "status", "unavailableReplicas"] = nil
            set(&object, ["replicas": wanted, "updatedReplicas": wanted])
            set(&object, ["readyReplicas": wanted, "availableReplicas": wanted])
            available(&object, true)
            progressing(&object, "True", "NewReplicaSetAvailable", "has successfully progressed.")
        case "StatefulSet":
            set(&object, ["replicas": wanted, "readyReplicas": wanted, "availableReplicas": wanted])
            set(&object, ["currentReplicas": wanted, "updatedReplicas": wanted])
            let revision = JSON.string("\(object.name)-\(templateHash(of: object))")
            object[path: "status", "currentRevision"] = revision
            object[path: "status", "updateRevision"] = revision
        case "DaemonSet":
            set(
                &object,
                ["desiredNumberScheduled": 3, "currentNumberScheduled": 3, "updatedNumberScheduled": 3]
            )
            set(&object, ["numberReady": 3, "numberAvailable": 3, "numberMisscheduled": 0])
        case "Job":
            set(&object, ["active": 0, "succeeded": 1, "ready": 0])
            object[path: "status", "completionTime"] = .string(SimulatedTime.text())
            condition(
                &object,
                "Complete",
                "True",
                "CompletionsReached",
                "Reached expected number of succeeded pods"
            )
            return
        default:
            return
        }
        object.observeGeneration()
    }

    /// The pods of a Deployment did not become ready in time.
    static func stuck(_ object: inout JSON) {
        guard object.kind == "Deployment" else { return }
        progressing(&object, "False", "ProgressDeadlineExceeded", "has timed out progressing.")
    }

    /// The name part that stands for a pod template.
    static func templateHash(of object: JSON) -> String {
        let template = object[path: "spec", "template"] ?? .null
        return String(ContentDigest.hex(template.encoded()).prefix(10))
    }

    private static func replicas(of object: JSON) -> Int64 {
        object[path: "spec", "replicas"]?.int ?? 1
    }

    private static func set(_ object: inout JSON, _ numbers: [String: Int64]) {
        for (key, number) in numbers {
            object[path: "status", key] = .int(number)
        }
    }

    private static func available(_ object: inout JSON, _ truth: Bool) {
        condition(
            &object,
            "Available",
            truth ? "True" : "False",
            truth ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
            "Deployment \(truth ? "has" : "does not have") minimum availability."
        )
    }

    private static func progressing(_ object: inout JSON, _ status: String, _ reason: String, _ words: String)
    {
        let set = "ReplicaSet \"\(object.name)-\(templateHash(of: object))\""
        condition(&object, "Progressing", status, reason, "\(set) \(words)")
    }

    /// Conditions of workloads have an update time, and their transition time follows the status alone.
    private static func condition(
        _ object: inout JSON,
        _ type: String,
        _ status: String,
        _ reason: String,
        _ message: String
    ) {
        var conditions = object[path: "status", "conditions"]?.array ?? []
        let now = JSON.string(SimulatedTime.text())
        let old = conditions.first { $0["type"]?.string == type }
        let same = old?["status"]?.string == status
        let unchanged = same && old?["reason"]?.string == reason && old?["message"]?.string == message
        var new: JSON = [
            "type": .string(type), "status": .string(status), "reason": .string(reason),
            "message": .string(message),
            "lastTransitionTime": (same ? old?["lastTransitionTime"] : nil) ?? now,
        ]
        let time = object.kind == "Job" ? "lastProbeTime" : "lastUpdateTime"
        new[time] = (unchanged ? old?[time] : nil) ?? now
        conditions.removeAll { $0["type"]?.string == type }
        conditions.append(new)
        object[path: "status", "conditions"] = .array(conditions)
    }
}
