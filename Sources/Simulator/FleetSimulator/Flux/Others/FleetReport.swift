/// What flux-operator counts for its FluxReport.
struct FleetReport {
    let store: ObjectStore

    /// The whole `spec` of the report, of the cluster as it is now.
    func spec() -> JSON {
        var spec: JSON = [
            "cluster": ["nodes": 3, "platform": "linux/amd64", "serverVersion": "v1.36.2"],
            "distribution": [
                "entitlement": "Issued by controlplane", "managedBy": "flux-operator", "status": "Installed",
                "version": .string(FluxRelease.version),
            ],
            "operator": [
                "apiVersion": "fluxcd.controlplane.io/v1", "platform": "linux/amd64", "version": "v0.58.1",
            ],
        ]
        spec["components"] = .array(
            FluxRelease.components.map { component in
                let image =
                    "ghcr.io/fluxcd/\(component.name):\(component.tag)@\(ContentDigest.named(component.name))"
                return [
                    "name": .string(component.name), "image": .string(image), "ready": true,
                    "status": "Current Deployment is available. Replicas: 1",
                ]
            }
        )
        let kinds = FluxKinds.reconciled.filter { $0.group != FluxKinds.fluxInstance.group }
        spec["reconcilers"] = .array(kinds.compactMap(reconciler))
        spec["sync"] = sync()
        return spec
    }

    private func reconciler(_ type: ResourceType) -> JSON? {
        guard let items = (try? store.list(type))?.items, !items.isEmpty else { return nil }
        let suspended = items.count { $0.isSuspended }
        // A dependency that waits is no failure, and what is suspended neither.
        let failing = items.count { item in
            !item.isSuspended && item.conditionStatus("Ready") == "False"
                && item.condition("Ready")?["reason"]?.string != "DependencyNotReady"
        }
        var stats: JSON = [
            "failing": .int(Int64(failing)), "running": .int(Int64(items.count - suspended)),
            "suspended": .int(Int64(suspended)),
        ]
        let bytes = items.reduce(Int64(0)) { $0 + ($1[path: "status", "artifact", "size"]?.int ?? 0) }
        if bytes > 0 {
            let tenths = bytes * 10 / 1024
            stats["totalSize"] = .string("\(tenths / 10).\(tenths % 10) KiB")
        }
        return ["apiVersion": .string(type.apiVersion), "kind": .string(type.kind), "stats": stats]
    }

    private func sync() -> JSON? {
        let key = ObjectKey(FluxKinds.kustomization, namespace: "flux-system", name: "flux-system")
        guard let root = try? store.get(key) else { return nil }
        let source = KustomizationPlan.source(of: root).flatMap { try? store.get($0) }
        return [
            "id": "kustomization/flux-system", "path": .string(root.text("spec", "path") ?? ""),
            "ready": .bool(root.isReady), "source": .string(source?.text("spec", "url") ?? ""),
            "status": .string(root.condition("Ready")?["message"]?.string ?? ""),
        ]
    }
}
