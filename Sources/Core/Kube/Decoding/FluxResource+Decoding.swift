import Chrono
import Text

extension FluxResource {
    /// Reads what weir keeps of an object and steps over the rest; nil where it has no name or is not of Flux.
    package init?(_ root: JSONFields, in context: FluxDecoding) {
        let metadata = root["metadata"]
        let named = root.raw("apiVersion").map { GroupVersion($0) }
        guard let kind = FluxResource.kind(root, named, context), let name = metadata.text("name") else {
            return nil
        }
        let ref = ObjectRef(
            cluster: context.cluster,
            group: kind.group,
            kind: kind.kind,
            namespace: metadata.text("namespace") ?? "",
            name: name
        )
        self.init(ref: ref, kind: kind, state: .unknown)
        apiVersion = named.map { context.texts.line($0.version, limit: 60) } ?? context.version ?? "v1"
        readMetadata(metadata)
        let spec = root["spec"]
        let status = root["status"]
        readSchedule(spec, metadata["annotations"])
        readStatus(status)
        source = SourceFacts(kind: kind, spec: spec, status: status, owner: ref)
        applier = ApplierFacts(kind: kind, spec: spec, status: status, owner: ref)
        if kind == .imageUpdateAutomation {
            automation = AutomationFacts(spec: spec, status: status, owner: ref)
        }
        distribution = FluxResource.distribution(kind: kind, spec: spec, status: status)
        if applier != nil, kind == .helmRelease {
            let mode = spec["driftDetection"].raw("mode") ?? ""
            // The condition outlives the setting, so only the two together mean drift.
            let drifted = condition("Drifted")?.status == .yes && ["warn", "enabled"].contains(mode)
            applier?.helmDrifted = drifted
        }
        let isStatic =
            !kind.hasStatus
            || (kind == .helmRepository && spec.raw("type") == "oci" && conditions.isEmpty)
        state = FluxResource.classify(
            kind: kind,
            isSuspended: isSuspended,
            isTerminating: isTerminating,
            isStatic: isStatic,
            hasArtifact: source?.artifact != nil,
            generation: generation,
            observedGeneration: observedGeneration,
            conditions: conditions
        )
    }

    /// The kind as the object says, or else as it was asked for.
    private static func kind(
        _ root: JSONFields,
        _ named: GroupVersion?,
        _ context: FluxDecoding
    ) -> FluxKind? {
        guard let name = root.raw("kind") else {
            return root.has("kind") ? nil : context.kind
        }
        if let kind = context.kind, kind.kind == name, kind.group == named?.group {
            return kind
        }
        return named.flatMap { FluxKind.of(group: $0.group, kind: name) }
    }

    private mutating func readMetadata(_ metadata: JSONFields) {
        uid = metadata.text("uid") ?? ""
        resourceVersion = metadata.raw("resourceVersion") ?? ""
        generation = metadata.integer("generation") ?? 1
        created = metadata.time("creationTimestamp")
        isTerminating = metadata.has("deletionTimestamp")
        parent = FluxResource.owner(metadata["labels"], of: ref)
        let annotations = metadata["annotations"]
        suspendedBy = annotations.text("fluxcd.controlplane.io/suspendedBy")
        suspendReason = annotations.text("weir.dev/suspend-reason")
        suspendedSince = annotations.time("weir.dev/suspended-at")
        requestedAt = annotations.text("reconcile.fluxcd.io/requestedAt")
    }

    private mutating func readSchedule(_ spec: JSONFields, _ annotations: JSONFields) {
        interval = spec.duration("interval") ?? annotations.duration("fluxcd.controlplane.io/reconcileEvery")
        retryInterval = spec.duration("retryInterval")
        timeout = spec.duration("timeout") ?? annotations.duration("fluxcd.controlplane.io/reconcileTimeout")
        switch kind.suspension {
        case .field: isSuspended = spec.flag("suspend") ?? false
        case .annotation(let key): isSuspended = annotations.raw(key)?.lowercased() == "disabled"
        case .unsupported: isSuspended = false
        }
    }

    private mutating func readStatus(_ status: JSONFields) {
        observedGeneration = status.integer("observedGeneration")
        lastHandledReconcileAt = status.text("lastHandledReconcileAt")
        conditions = status.list("conditions", limit: 50).compactMap { Condition($0) }
    }

    /// Who applies the object, by the labels that Flux puts on everything it applies.
    private static func owner(_ labels: JSONFields, of ref: ObjectRef) -> ObjectRef? {
        guard labels.isPresent else {
            return nil
        }
        for owner in owners {
            guard let name = labels.text(owner.name) else {
                continue
            }
            let parent = ObjectRef(
                cluster: ref.cluster,
                group: owner.group,
                kind: owner.kind,
                namespace: labels.text(owner.namespace) ?? ref.namespace,
                name: name
            )
            // The root Kustomization applies itself.
            return parent == ref ? nil : parent
        }
        return nil
    }

    /// The labels of each kind of owner.
    private static let owners = [
        ("kustomize.toolkit.fluxcd.io", FluxKind.kustomizeGroup, "Kustomization"),
        ("helm.toolkit.fluxcd.io", FluxKind.helmGroup, "HelmRelease"),
        ("resourceset.fluxcd.controlplane.io", FluxKind.operatorGroup, "ResourceSet"),
        ("fluxcd.controlplane.io", FluxKind.operatorGroup, "FluxInstance"),
    ].map { prefix, group, kind in
        (name: "\(prefix)/name", namespace: "\(prefix)/namespace", group: group, kind: kind)
    }

    private static func distribution(kind: FluxKind, spec: JSONFields, status: JSONFields) -> String? {
        switch kind.kind {
        case "FluxReport":
            spec["distribution"].text("version", limit: 60)
        case "FluxInstance":
            status.revision("lastAppliedRevision")?.pointer
        default: nil
        }
    }
}

extension Condition {
    fileprivate init?(_ fields: JSONFields) {
        guard let type = fields.text("type", limit: 120) else {
            return nil
        }
        let status: Status =
            switch fields.raw("status") {
            case "True": .yes
            case "False": .no
            default: .unknown
            }
        self.init(
            type: type,
            status: status,
            reason: fields.text("reason", limit: 120) ?? "",
            message: fields.text("message", limit: Condition.messageLimit) ?? "",
            observedGeneration: fields.integer("observedGeneration"),
            lastTransition: fields.time("lastTransitionTime")
        )
    }

    /// Messages may hold 32 kB; what is beyond this is read in the detail view.
    private static let messageLimit = 1024
}

/// An `apiVersion` taken apart.
struct GroupVersion {
    let group: String
    let version: String

    init(_ text: String) {
        guard let slash = text.firstIndex(of: "/") else {
            (group, version) = ("", text)
            return
        }
        group = String(text[..<slash])
        version = String(text[text.index(after: slash)...])
    }
}
