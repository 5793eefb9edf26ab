import Foundation

/// Logs of pods: a controller's are what it reported in Events, in the form in which it writes its log.
extension ClusterAPI {
    func log(_ address: ResourceAddress, _ type: ResourceType, _ request: APIRequest) throws(APIStatus)
        -> APIAnswer
    {
        guard request.method == "GET", let name = address.name else { throw .methodNotAllowed(type) }
        let pod = try store.get(ObjectKey(type, namespace: address.objectNamespace, name: name))
        guard let events = store.type(group: "", version: "v1", plural: "events") else {
            return .pageNotFound
        }
        let log = ControllerLog(component: pod.label("app") ?? "")
        var options = ListOptions()
        options.resourceVersion = String(store.resourceVersion)
        var tail = log.tail(of: try store.list(events).items)
        if let limit = request.query["tailLines"].flatMap(Int.init) { tail = tail.suffix(max(0, limit)) }
        let text = tail.reduce(into: Data()) { $0.append($1) }
        guard request.query["follow"] == "true" else {
            return APIAnswer(status: 200, contentType: "text/plain", body: .data(text))
        }
        let feed = WatchFeed()
        feed.hold(
            try store.watch(events, options: options, ended: { feed.end() }, deliver: { feed.deliver($0) })
        )
        let plan = WatchPlan(
            feed: feed,
            type: events,
            namespace: address.namespace,
            form: .whole,
            rows: .none,
            seconds: nil,
            sendsBookmarks: false,
            startVersion: 0,
            currentVersion: { 0 },
            log: log,
            prologue: text
        )
        return APIAnswer(status: 200, contentType: "text/plain", body: .watch(plan))
    }
}

/// What a controller reported, as lines of its log.
struct ControllerLog: Sendable {
    let component: String

    /// The lines of these Events, oldest first.
    func tail(of events: [JSON]) -> [Data] {
        events.sorted { ($0.text("lastTimestamp") ?? "") < ($1.text("lastTimestamp") ?? "") }.compactMap(line)
    }

    /// The line of an Event with its line break; nil where another component reported it.
    func line(_ event: JSON) -> Data? {
        guard event.text("source", "component") == component, let kind = event.text("involvedObject", "kind")
        else { return nil }
        let version = event.text("involvedObject", "apiVersion") ?? ""
        let name = event.text("involvedObject", "name") ?? ""
        let namespace = event.text("involvedObject", "namespace") ?? ""
        let isFailure = event.text("type") == "Warning"
        var line: [String: JSON] = [
            "level": isFailure ? "error" : "info",
            "ts": .string(event.text("lastTimestamp") ?? ""),
            "msg": .string(isFailure ? "Reconciler error" : event.text("message") ?? ""),
            "controller": .string(kind.lowercased()),
            "controllerGroup": .string(version.split(separator: "/").dropLast().joined(separator: "/")),
            "controllerKind": .string(kind),
            kind: ["name": .string(name), "namespace": .string(namespace)],
            "namespace": .string(namespace), "name": .string(name),
            "reconcileID": .string(event.text("metadata", "uid") ?? ""),
        ]
        if isFailure { line["error"] = .string(event.text("message") ?? "") }
        return WireText.encode(.object(line)) + Data("\n".utf8)
    }
}
