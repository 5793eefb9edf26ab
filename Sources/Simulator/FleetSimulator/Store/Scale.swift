/// The scale subresource: how many replicas a workload wants and has.
package enum Scale {
    /// The Scale object of a workload.
    package static func scale(of object: JSON) -> JSON {
        var metadata: [String: JSON] = [:]
        for key in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
            metadata[key] = object["metadata"]?[key]
        }
        let labels = object.value(at: ["spec", "selector", "matchLabels"])?.object ?? [:]
        let selector = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.string ?? "")" }
        var spec: [String: JSON] = [:]
        spec["replicas"] = object["spec"]?["replicas"]
        return [
            "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": .object(metadata),
            "spec": .object(spec),
            "status": [
                "replicas": object["status"]?["replicas"] ?? 0,
                "selector": .string(selector.joined(separator: ",")),
            ],
        ]
    }
}

extension ObjectStore {
    /// Writes the replicas that `change` makes of a workload's Scale; the answer is the workload.
    ///
    /// The writer's entry in managedFields has no time, as with a real server.
    func scale(
        _ key: ObjectKey,
        _ options: WriteOptions,
        _ change: (JSON) throws(APIStatus) -> JSON
    ) throws(APIStatus) -> JSON {
        try transact { state throws(APIStatus) in
            try checkSubresource(key, options.subresource)
            let (stored, shelf, place) = try stored(key, state)
            let scale = try change(Scale.scale(of: stored.json))
            let version = scale["metadata"]?["resourceVersion"]?.string ?? ""
            guard version.isEmpty || version == stored.json["metadata"]?["resourceVersion"]?.string else {
                throw .conflict(key.type, key.name)
            }
            let replicas = scale["spec"]?["replicas"]?.int ?? 0
            guard replicas >= 0 else {
                let problem = "must be greater than or equal to 0"
                let cause = APIStatus.Cause.invalidValue(String(replicas), problem, "spec.replicas")
                throw .invalid(
                    qualifiedKind: "Scale.autoscaling",
                    kind: "Scale",
                    group: "autoscaling",
                    name: key.name,
                    [cause]
                )
            }
            var new = stored.json
            new.set(.int(replicas), at: ["spec", "replicas"])
            var draft = Draft(new, over: stored, subresource: nil)
            draft.keepServerFields(subresource: nil)
            draft.own(Self.writer(key.type, options), at: nil)
            return try settle(&draft, over: stored, key, options, shelf, place, &state)
        }
    }
}
