import HashTreeCollections
package import Kube

/// Traps of a rollback that a plan and what a cluster tells give away together, each with its consequence.
///
/// - Source: FLUX.md's list of rollback traps; those that a cluster alone or a source alone gives away are told where
///   the blast radius is worked out.
package enum Preflight {
    /// What an applier that prunes will delete: the objects it holds whose manifests the plan takes out of its build.
    ///
    /// - Shape: entries of the applier's inventory, in its order. kustomize may have changed a namespace or added to a
    ///   name, so an object without namespace in Git fits any, and a name fits where it is a part between dashes.
    ///   `isChanged` says whether the plan changes what is built; nil takes the plan's own word on the path.
    package static func pruned(
        by plan: RevertPlan,
        from facts: ApplierFacts,
        path: String,
        isChanged: Bool? = nil
    ) -> [InventoryEntry] {
        let leaving = (plan.objects.removed + (plan.objects.unlinked[path] ?? [])).filter { !$0.isKept }
        guard facts.prunes, isChanged ?? plan.changedPaths.contains(path), !leaving.isEmpty else {
            return []
        }
        let byKind = Dictionary(grouping: leaving) { "\($0.group)/\($0.kind)" }
        let staying = Set(
            (plan.objects.changed + plan.objects.added).map {
                "\($0.group)/\($0.kind)/\($0.namespace ?? "")/\($0.name)"
            }
        )
        return facts.inventory.filter { entry in
            let fitting = byKind["\(entry.group)/\(entry.kind)"] ?? []
            let isStaying = staying.contains("\(entry.group)/\(entry.kind)/\(entry.namespace)/\(entry.name)")
            return !isStaying && fitting.contains { isNamed($0, entry) }
        }
    }

    private static func isNamed(_ object: ManifestObject, _ entry: InventoryEntry) -> Bool {
        guard object.namespace == nil || object.namespace == entry.namespace || entry.namespace.isEmpty else {
            return false
        }
        return entry.name == object.name
            || entry.name.hasPrefix("\(object.name)-")
                && isHash(entry.name.dropFirst(object.name.count + 1))
    }

    /// The suffix that kustomize gives to what a generator makes.
    private static func isHash(_ suffix: Substring) -> Bool {
        suffix.count == 10 && suffix.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }

    /// The suspended Kustomizations above an applier, nearest first: while they are, its own object stays as it is.
    package static func suspendedAncestors(of ref: ObjectRef, in snapshot: ClusterSnapshot) -> [ObjectRef] {
        var found: [ObjectRef] = []
        var seen: Set<ObjectRef> = [ref]
        var next = snapshot.resources[ref]?.parent
        while let parent = next, seen.insert(parent).inserted, let resource = snapshot.resources[parent] {
            if resource.isSuspended {
                found.append(parent)
            }
            next = resource.parent
        }
        return found
    }

    /// Those of the same cluster that wait for an applier before each of their runs, sorted.
    package static func dependants(of ref: ObjectRef, in snapshot: ClusterSnapshot) -> [ObjectRef] {
        snapshot.resources.compactMap { candidate, resource in
            resource.applier?.dependsOn.contains(ref) == true ? candidate : nil
        }.sorted()
    }

    /// The Flux objects of a cluster whose manifests the plan changes or brings back, as far as an applier holds them.
    ///
    /// - Shape: sorted; found by kind and name in the applier's inventory, whatever namespace kustomize gave them.
    package static func changedFluxObjects(
        by plan: RevertPlan,
        under applier: ObjectRef,
        in snapshot: ClusterSnapshot
    ) -> [ObjectRef] {
        let changing = (plan.objects.changed + plan.objects.added).filter {
            FluxKind.of(group: $0.group, kind: $0.kind) != nil
        }
        guard !changing.isEmpty, let facts = snapshot.resources[applier]?.applier, !facts.isRemote else {
            return []
        }
        return facts.inventory.filter { entry in
            changing.contains { $0.group == entry.group && $0.kind == entry.kind && isNamed($0, entry) }
        }
        .map { $0.ref(in: applier.cluster) }.sorted()
    }

    /// What a reverted HelmRelease means where it ran out of retries: the old configuration may count as deployed.
    package static func isRemediated(_ resource: FluxResource) -> Bool {
        resource.condition("Remediated")?.status == .yes
            || resource.ready?.reason == "RetriesExceeded"
            || resource.condition("Stalled")?.reason == "RetriesExceeded"
    }
}
