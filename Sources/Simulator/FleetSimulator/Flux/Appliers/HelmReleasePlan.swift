/// What a HelmRelease asks for: its chart, values and the objects that the chart makes of them.
struct HelmReleasePlan {
    let object: JSON

    /// Where the chart of a release comes from: its HelmChart, or what `chartRef` names.
    static func chartSource(of object: JSON) -> ObjectKey? {
        if let reference = object[path: "spec", "chartRef"] {
            guard let type = FluxKinds.source(named: reference.kind), let name = reference.text("name") else {
                return nil
            }
            return ObjectKey(type, namespace: reference.text("namespace") ?? object.namespace, name: name)
        }
        guard object[path: "spec", "chart", "spec"] != nil else { return nil }
        return ObjectKey(
            FluxKinds.helmChart,
            namespace: chartNamespace(of: object),
            name: chartName(of: object)
        )
    }

    private static func chartName(of object: JSON) -> String { "\(object.namespace ?? "")-\(object.name)" }

    private static func chartNamespace(of object: JSON) -> String? {
        object.text("spec", "chart", "spec", "sourceRef", "namespace") ?? object.namespace
    }

    /// The HelmChart object that the controller keeps for `spec.chart`; nil for releases with a `chartRef`.
    var chartManifest: JSON? {
        guard object[path: "spec", "chartRef"] == nil, let chart = object[path: "spec", "chart", "spec"]
        else {
            return nil
        }
        var spec: JSON = [
            "chart": chart["chart"] ?? "",
            "version": chart["version"] ?? "*",
            "interval": chart["interval"] ?? object[path: "spec", "interval"] ?? "10m0s",
            "reconcileStrategy": chart["reconcileStrategy"] ?? "ChartVersion",
            "sourceRef": [
                "kind": chart[path: "sourceRef", "kind"] ?? "HelmRepository",
                "name": chart[path: "sourceRef", "name"] ?? "",
            ],
        ]
        spec["valuesFiles"] = chart["valuesFiles"]
        return [
            "apiVersion": .string(FluxKinds.helmChart.apiVersion), "kind": "HelmChart",
            "metadata": [
                "name": .string(Self.chartName(of: object)),
                "namespace": .string(Self.chartNamespace(of: object) ?? ""),
            ],
            "spec": spec,
        ]
    }

    var releaseName: String {
        if let name = object.text("spec", "releaseName") { return name }
        return object.text("spec", "targetNamespace").map { "\($0)-\(object.name)" } ?? object.name
    }

    var releaseNamespace: String { object.text("spec", "targetNamespace") ?? object.namespace ?? "" }

    var storageNamespace: String { object.text("spec", "storageNamespace") ?? object.namespace ?? "" }

    var timeout: Double { object.duration("timeout") ?? 300 }

    var interval: Double { object.duration("interval") ?? 600 }

    var driftMode: String { object.text("spec", "driftDetection", "mode") ?? "disabled" }

    /// How often a failed action is tried again; less than 0 is for ever.
    func retries(of action: String) -> Int64 {
        object[path: "spec", action, "remediation", "retries"]?.int ?? 0
    }

    /// Whether the last failure of an upgrade is undone.
    var remediatesLastFailure: Bool {
        let remediation = object[path: "spec", "upgrade", "remediation"]
        return remediation?["remediateLastFailure"]?.bool ?? ((remediation?["retries"]?.int ?? 0) > 0)
    }

    /// Digest of the values, by which the controller tells configurations apart.
    var configDigest: String {
        let values = object[path: "spec", "values"] ?? .object([:])
        return ContentDigest.named(String(decoding: values.encoded(), as: UTF8.self))
    }

    /// What the chart makes of the values: a Deployment, a Service and a ConfigMap, as most charts do.
    func manifests(chart: String, version: String) -> [JSON] {
        let values = object[path: "spec", "values"]
        let appVersion = version.split(separator: "+").first.map(String.init) ?? version
        let repository = values?.text("image", "repository") ?? "registry.acme.example/charts/\(chart)"
        let image = "\(repository):\(values?.text("image", "tag") ?? appVersion)"
        let name = releaseName
        let labels: JSON = [
            "app.kubernetes.io/name": .string(chart), "app.kubernetes.io/instance": .string(name),
            "app.kubernetes.io/managed-by": "Helm", "app.kubernetes.io/version": .string(appVersion),
            "helm.sh/chart": .string("\(chart)-\(version.replacing("+", with: "_"))"),
        ]
        let selector: JSON = [
            "app.kubernetes.io/name": .string(chart), "app.kubernetes.io/instance": .string(name),
        ]
        let container: JSON = [
            "name": .string(chart), "image": .string(image),
            "ports": [["name": "http", "containerPort": 8080, "protocol": "TCP"]],
            "envFrom": [["configMapRef": ["name": .string("\(name)-config")]]],
        ]
        return [
            manifest(
                "v1",
                "ConfigMap",
                "\(name)-config",
                labels,
                [
                    "data": [
                        "values.json": .string(String(decoding: (values ?? [:]).encoded(), as: UTF8.self))
                    ]
                ]
            ),
            manifest(
                "v1",
                "Service",
                name,
                labels,
                [
                    "spec": [
                        "selector": selector, "type": "ClusterIP",
                        "ports": [["name": "http", "port": 80, "targetPort": "http", "protocol": "TCP"]],
                    ]
                ]
            ),
            manifest(
                "apps/v1",
                "Deployment",
                name,
                labels,
                [
                    "spec": [
                        "replicas": values?["replicaCount"] ?? 1, "selector": ["matchLabels": selector],
                        "template": ["metadata": ["labels": selector], "spec": ["containers": [container]]],
                    ]
                ]
            ),
        ]
    }

    private func manifest(
        _ apiVersion: String,
        _ kind: String,
        _ name: String,
        _ labels: JSON,
        _ rest: [String: JSON]
    ) -> JSON {
        var object: [String: JSON] = rest
        object["apiVersion"] = .string(apiVersion)
        object["kind"] = .string(kind)
        object["metadata"] = [
            "name": .string(name), "namespace": .string(releaseNamespace), "labels": labels,
            "annotations": [
                "meta.helm.sh/release-name": .string(releaseName),
                "meta.helm.sh/release-namespace": .string(releaseNamespace),
            ],
        ]
        return .object(object)
    }
}
