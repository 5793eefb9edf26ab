import Foundation

extension ObjectStore {
    /// How long an event is kept after it last happened.
    private static let eventLifetime = 3600.0

    /// Records a core/v1 Event about an object; an event that says the same only counts up.
    ///
    /// `component` is who reports, and the manager of the event's fields.
    package func recordEvent(
        involved: JSON,
        type: String,
        reason: String,
        message: String,
        component: String,
        annotations: [String: String] = [:]
    ) {
        guard let events = core("events") else { return }
        let reference = ObjectStore.reference(involved)
        let namespace = reference["namespace"]?.string ?? "default"
        let time: JSON = .string(WireTime.text(now()))
        let uid = reference["uid"]?.string ?? ""
        let said = [uid, type, reason, message, component].joined(separator: "\u{1}")
        let (known, number) = transact { state in
            state.eventCount += 1
            return (state.eventPlaces[said], state.eventCount)
        }
        if number % 256 == 0 { forgetOldEvents(events) }
        let options = WriteOptions(fieldManager: component)
        if let known {
            let key = ObjectKey(events, namespace: namespace, name: known)
            let counted = try? update(key, manager: component) { event in
                event["count"] = .int((event["count"]?.int ?? 1) + 1)
                event["lastTimestamp"] = time
            }
            if counted != nil { return }
        }
        let moment = String(
            Int64(now().timeIntervalSince1970 * 1_000_000) * 1000 + Int64(number % 1000),
            radix: 16
        )
        let name = "\(reference["name"]?.string ?? "").\(moment)"
        var metadata: [String: JSON] = ["name": .string(name), "namespace": .string(namespace)]
        if !annotations.isEmpty { metadata["annotations"] = .object(annotations.mapValues(JSON.string)) }
        let event: JSON = [
            "kind": "Event", "apiVersion": "v1", "metadata": .object(metadata), "involvedObject": reference,
            "reason": .string(reason), "message": .string(message),
            "source": ["component": .string(component)],
            "firstTimestamp": time, "lastTimestamp": time, "count": 1, "type": .string(type),
            "eventTime": .null, "reportingComponent": .string(component), "reportingInstance": "",
        ]
        // A namespace that is being deleted takes no events, and nobody waits for this one.
        guard (try? create(event, type: events, namespace: namespace, options: options)) != nil else {
            return
        }
        transact { state in state.eventPlaces[said] = name }
    }

    /// The reference by which an event names its object.
    private static func reference(_ object: JSON) -> JSON {
        var reference: [String: JSON] = [:]
        reference["kind"] = object["kind"]
        reference["apiVersion"] = object["apiVersion"]
        for key in ["namespace", "name", "uid", "resourceVersion"] {
            reference[key] = object["metadata"]?[key]
        }
        return .object(reference)
    }

    /// Deletes events that happened last more than an hour ago, as their lease does in a real cluster.
    private func forgetOldEvents(_ events: ResourceType) {
        let limit = WireTime.text(now().addingTimeInterval(-ObjectStore.eventLifetime))
        transact { state in
            guard let shelf = state.shelfNumbers[events] else { return }
            var gone: Set<String> = []
            for place in state.shelves[shelf].places {
                guard let stored = state.shelves[shelf].objects[place],
                    let last = stored.json["lastTimestamp"]?.string,
                    last < limit
                else { continue }
                gone.insert(stored.json["metadata"]?["name"]?.string ?? "")
                remove(stored, at: place, from: shelf, &state)
            }
            state.eventPlaces = state.eventPlaces.filter { !gone.contains($0.value) }
        }
    }
}
