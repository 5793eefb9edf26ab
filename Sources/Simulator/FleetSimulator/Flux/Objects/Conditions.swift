/// Reading and writing `status.conditions` by the rules of Flux.
extension JSON {
    /// The condition of a type; nil when it is absent.
    func condition(_ type: String) -> JSON? {
        self[path: "status", "conditions"]?.array?.first { $0["type"]?.string == type }
    }

    /// `True`, `False` or `Unknown`; nil when the condition is absent.
    func conditionStatus(_ type: String) -> String? {
        condition(type)?["status"]?.string
    }

    /// Whether Ready is True.
    var isReady: Bool { conditionStatus("Ready") == "True" }

    /// Writes a condition; its transition time moves when status, reason or message change.
    ///
    /// - Source: the setter of the Flux runtime, which also always rewrites the observed generation.
    mutating func setCondition(_ type: String, _ status: String, _ reason: String, _ message: String) {
        var conditions = self[path: "status", "conditions"]?.array ?? []
        let old = conditions.first { $0["type"]?.string == type }
        let same =
            old?["status"]?.string == status && old?["reason"]?.string == reason
            && old?["message"]?.string == message
        let time = same ? old?["lastTransitionTime"]?.string : nil
        conditions.removeAll { $0["type"]?.string == type }
        conditions.append([
            "type": .string(type), "status": .string(status), "reason": .string(reason),
            "message": .string(message), "observedGeneration": .int(generation),
            "lastTransitionTime": .string(time ?? SimulatedTime.text()),
        ])
        conditions.sort { Self.order($0["type"]?.string ?? "") < Self.order($1["type"]?.string ?? "") }
        self[path: "status", "conditions"] = .array(conditions)
    }

    /// Takes a condition away.
    mutating func removeCondition(_ type: String) {
        guard let conditions = self[path: "status", "conditions"]?.array else { return }
        let rest = conditions.filter { $0["type"]?.string != type }
        guard rest.count != conditions.count else { return }
        self[path: "status", "conditions"] = .array(rest)
    }

    /// Marks the object as being worked on: Reconciling True and Ready Unknown, unless Ready should stay.
    mutating func beginProgress(_ message: String, ready readyMessage: String?) {
        setCondition("Reconciling", "True", "Progressing", message)
        if let readyMessage { setCondition("Ready", "Unknown", "Progressing", readyMessage) }
    }

    /// Ends a run that failed and will be tried again: Reconciling stays True with its last message.
    mutating func failWithRetry(reason: String, message: String) {
        let progress = condition("Reconciling")?["message"]?.string ?? message
        setCondition("Reconciling", "True", "ProgressingWithRetry", progress)
        setCondition("Ready", "False", reason, message)
    }

    /// Copies the request annotation into the status, which is how a controller says it has seen it.
    mutating func acknowledgeRequest() {
        guard let requestedAt else { return }
        self[path: "status", "lastHandledReconcileAt"] = .string(requestedAt)
    }

    mutating func observeGeneration() {
        self[path: "status", "observedGeneration"] = .int(generation)
    }

    /// The order in which Flux keeps conditions: what is going on, then Ready, then the rest by name.
    private static func order(_ type: String) -> String {
        switch type {
        case "Reconciling": "0"
        case "Stalled": "1"
        case "Ready": "2"
        default: "3" + type
        }
    }
}
