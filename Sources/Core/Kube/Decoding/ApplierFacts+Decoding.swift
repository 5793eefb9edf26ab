import Chrono
import Text

extension ApplierFacts {
    /// Reads what an applier tells; nil for the others.
    init?(kind: FluxKind, spec: JSONFields, status: JSONFields, owner: ObjectRef) {
        guard kind.category == .applier else {
            return nil
        }
        if kind == .helmRelease {
            self.init(release: spec, status: status, owner: owner)
        } else {
            self.init(
                source: SourceReference(spec["sourceRef"], owner: owner)?.ref,
                path: spec.text("path"),
                prunes: spec.flag("prune") ?? (kind != .kustomization),
                waits: spec.flag("wait") ?? false,
                dependsOn: ApplierFacts.dependencies(spec, owner: owner)
            )
            lastApplied = status.revision("lastAppliedRevision")
            lastAttempted = status.revision("lastAttemptedRevision")
            origin = status.revision("lastAppliedOriginRevision")
            history = status.list("history", limit: 5).map { HistoryEntry(run: $0) }
        }
        isRemote = spec.has("kubeConfig")
        readDriftSettings(kind, spec)
        inventory = ApplierFacts.inventory(status["inventory"])
    }

    private init(release spec: JSONFields, status: JSONFields, owner: ObjectRef) {
        let template = spec["chart"]["spec"]
        let reference = spec["chartRef"]
        let source =
            SourceReference(reference, owner: owner) ?? SourceReference(template["sourceRef"], owner: owner)
        self.init(
            source: source?.ref,
            prunes: true,
            waits: true,
            dependsOn: ApplierFacts.dependencies(spec, owner: owner),
            history: status.list("history", limit: 5).map { HistoryEntry(release: $0) },
            chart: template.text("chart") ?? reference.text("name")
        )
        chartRange = template.text("version") ?? (template.isPresent ? "*" : nil)
        chartObject =
            reference.isPresent
            ? source?.ref
            : status.text("helmChart").flatMap { place in
                let parts = place.split(separator: "/").map(String.init)
                return parts.count == 2
                    ? ObjectRef(
                        cluster: owner.cluster,
                        group: FluxKind.sourceGroup,
                        kind: FluxKind.helmChart.kind,
                        namespace: parts[0],
                        name: parts[1]
                    ) : nil
            }
        // There is no lastAppliedRevision in v2.
        lastApplied = history.runningRelease?.revision
        lastAttempted = status.revision("lastAttemptedRevision")
    }

    private mutating func readDriftSettings(_ kind: FluxKind, _ spec: JSONFields) {
        let detection = spec["driftDetection"]
        switch detection.raw("mode") {
        case "enabled": driftDetection = .corrects
        case "warn": driftDetection = .warn
        default: break
        }
        let rules = kind == .helmRelease ? detection : kind == .kustomization ? spec : nil
        if kind == .kustomization {
            transforms = ApplierFacts.transforming.filter { spec.has($0) }
        }
        ignores = rules?.list("ignore", limit: 200).map { IgnoreRule($0) } ?? []
    }

    private static let transforming = [
        "targetNamespace", "namePrefix", "nameSuffix", "components", "patches", "images", "postBuild",
    ]

    private static func dependencies(_ spec: JSONFields, owner: ObjectRef) -> [ObjectRef] {
        spec.list("dependsOn", limit: 200).compactMap { item in
            guard let name = item.text("name") else {
                return nil
            }
            let group = item.text("apiVersion").map { GroupVersion($0).group } ?? owner.group
            return ObjectRef(
                cluster: owner.cluster,
                group: group,
                kind: item.text("kind") ?? owner.kind,
                namespace: item.text("namespace") ?? owner.namespace,
                name: name
            )
        }
    }

    private static func inventory(_ fields: JSONFields) -> Inventory {
        Inventory(
            fields.list("entries", limit: inventoryLimit).lazy.compactMap { entry in
                guard let id = entry.raw("id"), let version = entry.raw("v") else {
                    return nil
                }
                return (id: id, version: version)
            }
        )
    }

    /// More objects than any applier can hold in one API object of 1.5 MiB.
    private static let inventoryLimit = 50_000
}

extension IgnoreRule {
    fileprivate init(_ fields: JSONFields) {
        let target = fields["target"]
        self.init(
            paths: fields.rawTexts("paths"),
            group: target.raw("group"),
            version: target.raw("version"),
            kind: target.raw("kind"),
            namespace: target.raw("namespace"),
            name: target.raw("name"),
            labelSelector: target.raw("labelSelector"),
            annotationSelector: target.raw("annotationSelector")
        )
    }
}

/// A reference to a source, by kind, name and perhaps namespace.
struct SourceReference {
    let ref: ObjectRef

    init?(_ fields: JSONFields, owner: ObjectRef) {
        guard let name = fields.text("name"), let kind = fields.text("kind", limit: 120) else {
            return nil
        }
        let group =
            fields.text("apiVersion").map { GroupVersion($0).group }
            ?? (kind == "ArtifactGenerator" ? FluxKind.extensionsGroup : FluxKind.sourceGroup)
        ref = ObjectRef(
            cluster: owner.cluster,
            group: group,
            kind: kind,
            namespace: fields.text("namespace") ?? owner.namespace,
            name: name
        )
    }
}

extension HistoryEntry {
    /// Reads an entry of a Kustomization or an operator kind.
    fileprivate init(run fields: JSONFields) {
        let metadata = fields["metadata"]
        self.init(
            firstReconciled: fields.time("firstReconciled"),
            lastReconciled: fields.time("lastReconciled"),
            duration: fields.duration("lastReconciledDuration"),
            status: fields.text("lastReconciledStatus", limit: 120) ?? "",
            revision: metadata.revision("revision") ?? metadata.revision("flux"),
            origin: metadata.revision("originRevision"),
            count: fields.integer("totalReconciliations").flatMap { Int(exactly: $0) } ?? 1,
            digest: fields.text("digest", limit: 120).flatMap { digest in
                UInt64(digest.drop { $0 != ":" }.dropFirst().prefix(16), radix: 16)
            }
        )
    }

    /// Reads a release of a HelmRelease.
    fileprivate init(release fields: JSONFields) {
        self.init(
            firstReconciled: fields.time("firstDeployed"),
            lastReconciled: fields.time("lastDeployed"),
            status: fields.text("status", limit: 120) ?? "",
            revision: fields.revision("chartVersion")
        )
    }
}

extension AutomationFacts {
    init(spec: JSONFields, status: JSONFields, owner: ObjectRef) {
        let git = spec["git"]
        let reference = spec["sourceRef"]
        self.init(
            source: SourceReference(reference, owner: owner)?.ref,
            pushBranch: git["push"].text("branch"),
            checkoutBranch: git["checkout"]["ref"].text("branch"),
            updatePath: spec["update"].text("path"),
            authorEmail: git["commit"]["author"].text("email"),
            lastPushCommit: status.text("lastPushCommit"),
            lastRun: status.time("lastAutomationRunTime")
        )
    }
}
