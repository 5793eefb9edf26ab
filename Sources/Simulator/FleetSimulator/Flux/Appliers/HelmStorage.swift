import Foundation
import Yams

/// Keeps each revision of a release in a Secret, where Helm keeps it: `sh.helm.release.v1.NAME.vN`.
///
/// - Source: FLUX.md 1.5. The Secret holds base64 of gzip of JSON, and the API encodes that once more.
struct HelmStorage {
    static let secretType = "helm.sh/release.v1"
    /// Revisions kept of one release, as `spec.maxHistory` has it by default.
    private static let historyLimit: Int64 = 5

    let store: ObjectStore

    static func key(_ name: String, _ version: Int64, in namespace: String) -> ObjectKey {
        ObjectKey(FluxKinds.secret, namespace: namespace, name: "sh.helm.release.v1.\(name).v\(version)")
    }

    /// Writes the revision that the status tells of first, and gives those before it the status that they have now.
    ///
    /// - Shape: `object` is the HelmRelease after its status was written; `manifests` as the chart makes them.
    func keep(_ object: JSON, _ manifests: [JSON]) {
        let history = HelmReleaseStatus.history(of: object)
        guard let newest = history.first, let version = newest["version"]?.int else { return }
        let plan = HelmReleasePlan(object: object)
        let namespace = plan.storageNamespace
        write(release(newest, object, manifests), newest, in: namespace)
        for entry in history.dropFirst() {
            guard
                let key = key(of: entry, in: namespace), let secret = try? store.get(key),
                secret.label("status") != entry.text("status"), var release = Self.release(in: secret)
            else { continue }
            release[path: "info", "status"] = entry["status"]
            write(release, entry, in: namespace)
        }
        for old in 0..<max(0, version - Self.historyLimit) {
            _ = try? store.delete(Self.key(plan.releaseName, old + 1, in: namespace))
        }
    }

    /// The objects of the last revision that was deployed, as it was stored.
    func manifests(ofDeployed object: JSON) -> [JSON]? {
        let namespace = HelmReleasePlan(object: object).storageNamespace
        let good = HelmReleaseStatus.history(of: object).first {
            ["deployed", "superseded"].contains($0.text("status") ?? "")
        }
        return good.flatMap { key(of: $0, in: namespace) }.flatMap { try? store.get($0) }
            .flatMap(Self.release)?["manifest"]?.string.flatMap { try? JSON.fromYAML($0) }
    }

    /// Removes every revision.
    func forget(_ object: JSON) {
        let plan = HelmReleasePlan(object: object)
        let last = HelmReleaseStatus.history(of: object).compactMap { $0["version"]?.int }.max() ?? 0
        for version in max(1, last - Self.historyLimit)...max(1, last) {
            _ = try? store.delete(Self.key(plan.releaseName, version, in: plan.storageNamespace))
        }
    }

    /// The release in a Secret; nil where it holds none.
    static func release(in secret: JSON) -> JSON? {
        guard
            let text = secret.text("data", "release"), let outer = Data(base64Encoded: text),
            let inner = Data(base64Encoded: outer), let plain = Gzip.expand(inner)
        else { return nil }
        return try? JSON(parsing: plain)
    }

    private func key(of entry: JSON, in namespace: String) -> ObjectKey? {
        guard let name = entry.text("name"), let version = entry["version"]?.int else { return nil }
        return Self.key(name, version, in: namespace)
    }

    private func release(_ entry: JSON, _ object: JSON, _ manifests: [JSON]) -> JSON {
        let owner = ApplyOwner(
            group: FluxKinds.helmRelease.group,
            namespace: object.namespace ?? "",
            name: object.name
        )
        let chart = entry.text("chartName") ?? ""
        let texts = manifests.map { manifest in
            "---\n# Source: \(chart)/templates/\(manifest.kind.lowercased()).yaml\n"
                + Self.yaml(Self.rendered(manifest, owner))
        }
        let name = entry.text("name") ?? ""
        let hook: JSON = [
            "name": .string("\(name)-test"), "kind": "Pod",
            "path": .string("\(chart)/templates/tests/test-connection.yaml"), "events": ["test"],
            "manifest": .string("apiVersion: v1\nkind: Pod\nmetadata:\n  name: \(name)-test\n"),
        ]
        return [
            "name": .string(name), "namespace": entry["namespace"] ?? "", "version": entry["version"] ?? 1,
            "info": [
                "status": entry["status"] ?? "", "first_deployed": entry["firstDeployed"] ?? "",
                "last_deployed": entry["lastDeployed"] ?? "", "deleted": "",
                "description": .string("\((entry.text("action") ?? "").capitalized) complete"),
            ],
            "chart": [
                "metadata": [
                    "name": .string(chart), "version": entry["chartVersion"] ?? "",
                    "appVersion": entry["appVersion"] ?? "", "apiVersion": "v2",
                ],
                "lock": .null, "templates": [], "values": [:], "schema": .null, "files": [],
            ],
            "config": object[path: "spec", "values"] ?? [:], "hooks": [hook],
            "manifest": .string(texts.joined(separator: "")),
        ]
    }

    /// An object as it leaves the chart and Flux's post-renderer: what Helm adds when it applies is not there yet.
    private static func rendered(_ manifest: JSON, _ owner: ApplyOwner) -> JSON {
        var object = manifest
        object[path: "metadata", "namespace"] = nil
        let labels = object[path: "metadata", "labels"]?.object ?? [:]
        object[path: "metadata", "labels"] = .object(labels.merging(owner.labels) { $1 })
        let notes = (object[path: "metadata", "annotations"]?.object ?? [:]).filter {
            !$0.key.hasPrefix("meta.helm.sh/")
        }
        object[path: "metadata", "annotations"] = notes.isEmpty ? nil : .object(notes)
        return object
    }

    private func write(_ release: JSON, _ entry: JSON, in namespace: String) {
        guard let key = key(of: entry, in: namespace), let packed = Gzip.compress(release.encoded(), level: 9)
        else { return }
        let now = JSON.string(String(Int64(SimulatedTime.now.timeIntervalSince1970)))
        let data = JSON.string(Data(packed.base64EncodedString().utf8).base64EncodedString())
        var labels: JSON = [
            "name": entry["name"] ?? "", "owner": "helm", "status": entry["status"] ?? "",
            "version": .string(String(entry["version"]?.int ?? 1)),
        ]
        guard (try? store.get(key)) == nil else {
            labels["modifiedAt"] = now
            _ = try? store.update(key, manager: HelmReleaseStatus.manager) { secret in
                secret[path: "metadata", "labels"] = labels
                secret[path: "data", "release"] = data
            }
            return
        }
        labels["createdAt"] = now
        _ = try? store.create(
            [
                "apiVersion": "v1", "kind": "Secret", "type": .string(Self.secretType),
                "metadata": [
                    "name": .string(key.name), "namespace": .string(namespace), "labels": labels,
                ],
                "data": ["release": data],
            ],
            type: key.type,
            namespace: namespace,
            options: WriteOptions(fieldManager: HelmReleaseStatus.manager)
        )
    }

    private static func yaml(_ value: JSON) -> String {
        (try? Yams.dump(object: plain(value), sortKeys: true)) ?? ""
    }

    private static func plain(_ value: JSON) -> Any {
        switch value {
        case .null: NSNull()
        case .bool(let flag): flag
        case .int(let number): Int(number)
        case .double(let number): number
        case .string(let text): text
        case .array(let elements): elements.map(plain)
        case .object(let members): members.mapValues(plain)
        }
    }
}
