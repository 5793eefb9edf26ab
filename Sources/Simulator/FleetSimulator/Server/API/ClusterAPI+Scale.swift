import Foundation

/// The `scale` subresource: the number of replicas of a workload, in a shape that is the same for all of them.
extension ClusterAPI {
    func scale(_ address: ResourceAddress, _ type: ResourceType, _ request: APIRequest) throws(APIStatus)
        -> APIAnswer
    {
        let write = try WriteRequest(request, address, type)
        let workload: JSON
        switch request.method {
        case "GET":
            workload = try store.get(write.key, resourceVersion: request.query["resourceVersion"])
        case "PATCH":
            workload = try patched(write).object
        case "PUT":
            let sent = try JSON(parsing: request.body)
            var change: JSON = ["spec": ["replicas": sent[path: "spec", "replicas"] ?? 0]]
            if let version = sent[path: "metadata", "resourceVersion"] {
                change["metadata"] = ["resourceVersion": version]
            }
            workload = try store.mergePatch(write.key, change, options: write.options(.update))
        default:
            throw .methodNotAllowed()
        }
        return write.answer(.json(Self.scale(of: workload), for: request))
    }

    private static func scale(of workload: JSON) -> JSON {
        var metadata: JSON = [:]
        for field in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
            metadata[field] = workload[path: "metadata", field]
        }
        let labels = workload[path: "spec", "selector", "matchLabels"]?.object ?? [:]
        let selector = labels.keys.sorted().map { "\($0)=\(labels[$0]?.string ?? "")" }.joined(separator: ",")
        let replicas = workload[path: "spec", "replicas"] ?? 1
        return [
            "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": metadata,
            "spec": ["replicas": replicas],
            "status": [
                "replicas": workload[path: "status", "replicas"] ?? 0, "selector": .string(selector),
            ],
        ]
    }
}
