import Foundation

/// Gives one cluster its past: replays some commits with the controllers' own steps, then breaks what the demo
/// shows broken.
struct ClusterPast {
    let cluster: DemoCluster
    /// The first cluster is where people did things by hand.
    let isFirst: Bool
    let store: ObjectStore
    let gitHost: GitHost
    let landmarks: FleetHistory.Landmarks
    let now: Date
    var random: SeededNumbers

    init(
        cluster: DemoCluster,
        isFirst: Bool,
        store: ObjectStore,
        gitHost: GitHost,
        landmarks: FleetHistory.Landmarks,
        now: Date,
        seed: UInt64
    ) {
        self.cluster = cluster
        self.isFirst = isFirst
        self.store = store
        self.gitHost = gitHost
        self.landmarks = landmarks
        self.now = now
        random = SeededNumbers(seed: seed, name: "past of \(cluster.name)")
    }

    /// A commit that the cluster had, and since when.
    struct Step {
        let commit: CommitSummary
        let moment: Date
        let isLast: Bool
    }

    /// Writes everything.
    mutating func write() throws {
        let steps = try steps()
        guard let first = steps.first else { return }
        try SimulatedTime.at(first.moment.addingTimeInterval(-3600)) { try installFlux() }
        let suspension = ago(days: 6)
        var isSuspended = false
        for step in steps {
            if !isSuspended, step.moment > suspension {
                try SimulatedTime.at(suspension) { try suspend() }
                isSuspended = true
            }
            try SimulatedTime.at(step.moment) { try advance(to: step) }
        }
        try finish()
    }

    // MARK: Steps

    /// The commits to replay: the first, some from the way, the one it is at.
    private mutating func steps() throws -> [Step] {
        let repository = try BareRepository(path: gitHost.path(repository: "fleet"))
        let target: String
        switch cluster.role {
        case .staging: target = landmarks.staging
        case .pinned: target = landmarks.pinned
        case .slow: target = landmarks.lastGood
        case .production, .development: target = landmarks.main
        }
        let all = try repository.firstParents(from: target, limit: 1000)
        guard !all.isEmpty else { return [] }
        // Applications came one by one at the beginning, so the first step is where all of them were there.
        var wanted = Set([all.count - 1 - min(all.count - 1, 30), all.count / 2, 0])
        for landmark in [landmarks.scrape, landmarks.lastGood] {
            if let index = all.firstIndex(where: { $0.oid == landmark }) { wanted.insert(index) }
        }
        return wanted.sorted(by: >).map { index in
            let delay = random.number(15...70)
            let moment = Date(timeIntervalSince1970: Double(all[index].seconds) + delay)
            return Step(commit: all[index], moment: min(moment, ago(minutes: 1)), isLast: index == 0)
        }
    }

    func ago(days: Double = 0, hours: Double = 0, minutes: Double = 0, seconds: Double = 0) -> Date {
        now.addingTimeInterval(-(days * 86_400 + hours * 3600 + minutes * 60 + seconds))
    }

    // MARK: Installing

    /// What is there before Git is: namespace, variables, controllers, and the two objects that start it all.
    private func installFlux() throws {
        try create(
            ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "flux-system"]],
            by: "flux"
        )
        try create(
            [
                "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": ["name": "cluster-vars", "namespace": "flux-system"],
                "data": [
                    "cluster_name": .string(cluster.name), "region": .string(cluster.region),
                    "environment": .string(cluster.environment), "git_host": .string(gitHost.base),
                ],
            ],
            by: "flux"
        )
        for (name, values) in [("chat-token", "token"), ("webhook-token", "token")] {
            try create(
                [
                    "apiVersion": "v1", "kind": "Secret", "type": "Opaque",
                    "metadata": ["name": .string(name), "namespace": "flux-system"],
                    "data": [values: .string(Base64.encoded("not a secret"))],
                ],
                by: "flux"
            )
        }
        for component in FluxRelease.components {
            try create(controller(component.name, component.tag), by: "flux")
            try startPod(component.name, component.tag)
        }
        try create(source(), by: "flux")
        try create(root(), by: "flux")
        guard cluster.role == .production else { return }
        try create(instance(), by: "flux-operator")
        try create(
            [
                "apiVersion": "fluxcd.controlplane.io/v1", "kind": "FluxReport",
                "metadata": ["name": "flux", "namespace": "flux-system"],
                "spec": ["distribution": ["entitlement": "Unknown", "status": "Installed"]],
            ],
            by: "flux-operator"
        )
    }

    private func controller(_ name: String, _ tag: String) -> JSON {
        let labels: JSON = [
            "app": .string(name), "app.kubernetes.io/component": .string(name),
            "app.kubernetes.io/instance": "flux-system", "app.kubernetes.io/part-of": "flux",
            "app.kubernetes.io/version": .string(FluxRelease.version),
        ]
        let container: JSON = [
            "name": "manager", "image": .string("ghcr.io/fluxcd/\(name):\(tag)"),
            "args": [
                "--events-addr=http://notification-controller.flux-system.svc.cluster.local./",
                "--log-level=info",
            ],
        ]
        return [
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": ["name": .string(name), "namespace": "flux-system", "labels": labels],
            "spec": [
                "replicas": 1, "selector": ["matchLabels": ["app": .string(name)]],
                "template": [
                    "metadata": ["labels": ["app": .string(name)]], "spec": ["containers": [container]],
                ],
            ],
        ]
    }

    /// The pod of a controller: what its log is asked of.
    private func startPod(_ controller: String, _ tag: String) throws {
        var numbers = SeededNumbers(seed: 1, name: "\(cluster.name) \(controller)")
        let name = "\(controller)-\(numbers.suffix())"
        let image = "ghcr.io/fluxcd/\(controller):\(tag)"
        try create(
            [
                "apiVersion": "v1", "kind": "Pod",
                "metadata": [
                    "name": .string(name), "namespace": "flux-system", "labels": ["app": .string(controller)],
                ],
                "spec": ["containers": [["name": "manager", "image": .string(image)]]],
            ],
            by: "kube-controller-manager"
        )
        try report(key(FluxKinds.pod, "flux-system", name), by: "kubelet") { pod in
            pod["status"] = [
                "phase": "Running",
                "conditions": [["type": "Ready", "status": "True"]],
                "containerStatuses": [
                    ["name": "manager", "image": .string(image), "ready": true, "restartCount": 0]
                ],
            ]
        }
    }

    private func source() -> JSON {
        [
            "apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository",
            "metadata": ["name": "fleet", "namespace": "flux-system"],
            "spec": [
                "interval": .string(cluster.fetchInterval), "timeout": "60s", "ref": cluster.reference,
                "url": .string(gitHost.url(repository: "fleet")),
            ],
        ]
    }

    private func root() -> JSON {
        [
            "apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization",
            "metadata": ["name": "flux-system", "namespace": "flux-system"],
            "spec": [
                "interval": "10m0s", "retryInterval": "1m0s", "path": .string("./clusters/\(cluster.name)"),
                "prune": true, "force": false,
                "sourceRef": ["kind": "GitRepository", "name": "fleet"],
                "postBuild": ["substituteFrom": [["kind": "ConfigMap", "name": "cluster-vars"]]],
            ],
        ]
    }

    private func instance() -> JSON {
        [
            "apiVersion": "fluxcd.controlplane.io/v1", "kind": "FluxInstance",
            "metadata": [
                "name": "flux", "namespace": "flux-system",
                "annotations": ["fluxcd.controlplane.io/reconcileEvery": "1h"],
            ],
            "spec": [
                "cluster": ["domain": "cluster.local", "networkPolicy": true, "type": "kubernetes"],
                "components": .array(FluxRelease.components.map { .string($0.name) }),
                "distribution": [
                    "registry": "ghcr.io/fluxcd", "version": "2.9.x",
                    "artifact": "oci://ghcr.io/controlplaneio-fluxcd/flux-operator-manifests",
                ],
            ],
        ]
    }

    // MARK: Writing

    func create(_ object: JSON, by manager: String) throws {
        guard let key = ObjectReference(object).key else { return }
        _ = try store.create(
            object,
            type: key.type,
            namespace: key.namespace,
            options: WriteOptions(fieldManager: manager)
        )
    }

    /// Changes the status of an object as its controller would.
    func report(_ key: ObjectKey, by manager: String, _ change: (inout JSON) -> Void) throws {
        _ = try store.update(key, manager: manager, subresource: "status", change)
    }

    func key(_ type: ResourceType, _ namespace: String, _ name: String) -> ObjectKey {
        ObjectKey(type, namespace: namespace, name: name)
    }

    func objects(_ type: ResourceType) throws -> [JSON] {
        try store.list(type).items
    }
}
