/// Reading the parts that every Kubernetes object has.
extension JSON {
    /// `metadata.name`; empty when missing.
    var name: String { self[path: "metadata", "name"]?.string ?? "" }

    /// `metadata.namespace`; nil for objects of the cluster and manifests that do not say.
    var namespace: String? { self[path: "metadata", "namespace"]?.string.flatMap { $0.isEmpty ? nil : $0 } }

    /// `kind`; empty when missing.
    var kind: String { self["kind"]?.string ?? "" }

    /// `apiVersion`; empty when missing.
    var apiVersion: String { self["apiVersion"]?.string ?? "" }

    /// The group in `apiVersion`; empty for the core group.
    var group: String { apiVersion.split(separator: "/").dropLast().joined(separator: "/") }

    /// The version in `apiVersion`.
    var version: String { apiVersion.split(separator: "/").last.map(String.init) ?? "" }

    /// `metadata.generation`; 0 when missing.
    var generation: Int64 { self[path: "metadata", "generation"]?.int ?? 0 }

    /// Whether deletion was asked for and waits for finalizers.
    var isTerminating: Bool { self[path: "metadata", "deletionTimestamp"]?.string != nil }

    /// Whether `spec.suspend` is true, or the annotation that stands for it on kinds without that field.
    var isSuspended: Bool {
        if self[path: "spec", "suspend"]?.bool == true { return true }
        let keys = ["fluxcd.controlplane.io/reconcile", "source.extensions.fluxcd.io/reconcile"]
        return keys.contains { annotation($0)?.lowercased() == "disabled" }
    }

    /// The value of `reconcile.fluxcd.io/requestedAt`.
    var requestedAt: String? { annotation("reconcile.fluxcd.io/requestedAt") }

    /// `status.artifact.revision`.
    var artifactRevision: String? { self[path: "status", "artifact", "revision"]?.string }

    func annotation(_ key: String) -> String? { self[path: "metadata", "annotations", key]?.string }

    func label(_ key: String) -> String? { self[path: "metadata", "labels", key]?.string }

    /// A string at a path of keys; nil when missing or empty.
    func text(_ first: String, _ rest: String...) -> String? {
        value(at: [first] + rest)?.string.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The duration in `spec` under a key, in seconds.
    func duration(_ key: String) -> Double? {
        text("spec", key).flatMap(GoDuration.seconds)
    }

    /// A map of strings at a path of keys; other values are left out.
    func strings(_ first: String, _ rest: String...) -> [String: String] {
        (value(at: [first] + rest)?.object ?? [:]).compactMapValues(\.string)
    }

    /// An object of strings.
    static func map(_ strings: [String: String]) -> JSON {
        .object(strings.mapValues { .string($0) })
    }
}
