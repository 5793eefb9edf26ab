package import Kube

/// Takes out of an object what kustomize-controller removes beside its apply: what only kubectl put there.
///
/// - Source: before it applies, the controller merges the entries of the kubectl family into its own; the apply then
///   deletes each of their fields that Git does not have and nobody else owns. A dry run alone does not show that.
package enum FoldedFields {
    /// Annotations and labels that the controller removes whoever wrote them.
    private static let bookkeeping = [
        ("annotations", "kubectl.kubernetes.io/last-applied-configuration"),
        ("annotations", "kustomize.toolkit.fluxcd.io/checksum"),
        ("annotations", "fluxcd.io/sync-checksum"), ("labels", "fluxcd.io/sync-gc-mark"),
    ]

    /// The object that the apply leaves, from the answer to its dry run and the live object's owners.
    package static func removed(
        from answer: ObjectValue,
        live: ObjectValue,
        desired: ObjectValue
    ) -> ObjectValue {
        var result = answer
        for (part, name) in bookkeeping where result["metadata"]?[part]?[name] != nil {
            result["metadata"]?[part]?[name] = nil
        }
        let entries = live["metadata"]?["managedFields"]?.elements ?? []
        var folded: [ObjectValue] = []
        var others: [ObjectValue] = []
        for entry in entries {
            let manager = FieldManager(
                manager: entry["manager"]?.text ?? "",
                isApply: entry["operation"]?.text == "Apply",
                subresource: entry["subresource"]?.text ?? ""
            )
            let fields = entry["fieldsV1"] ?? .object([:])
            if manager.isOfKubectlFamily, manager.subresource.isEmpty {
                folded.append(fields)
            } else if !(manager.manager == "kustomize-controller" && manager.isApply) {
                others.append(fields)
            }
        }
        for fields in folded {
            if let left = without(fields, in: result, desired, others, depth: 0) {
                result = left
            }
        }
        return result
    }

    /// The value without the fields of a trie that neither Git nor others have; nil where nothing is left of it.
    private static func without(
        _ fields: ObjectValue,
        in value: ObjectValue,
        _ desired: ObjectValue?,
        _ others: [ObjectValue],
        depth: Int
    ) -> ObjectValue? {
        guard depth < 64, let members = fields.members else {
            return value
        }
        var value = value
        for (key, inner) in members where key != "." {
            let theirs = others.compactMap { $0[key] }
            let content = key.dropFirst(2)
            if key.hasPrefix("f:") {
                let name = String(content)
                guard let child = value[name] else {
                    continue
                }
                let wanted = desired?[name]
                if let left = step(inner, child, wanted, theirs, depth) {
                    value[name] = left
                } else {
                    value[name] = nil
                }
            } else if key.hasPrefix("k:"), let items = value.elements,
                let keys = try? ObjectValue(json: Array(content.utf8)).members
            {
                func isMeant(_ item: ObjectValue) -> Bool { keys.allSatisfy { item[$0] == $1 } }
                value = .list(
                    items.compactMap { item in
                        isMeant(item)
                            ? step(inner, item, desired?.elements?.first(where: isMeant), theirs, depth)
                            : item
                    }
                )
            } else if key.hasPrefix("v:"), let items = value.elements,
                let scalar = try? ObjectValue(json: Array(content.utf8)), theirs.isEmpty,
                desired?.elements?.contains(scalar) != true
            {
                value = .list(items.filter { $0 != scalar })
            }
        }
        return value
    }

    /// What is left of one child: nil where all of it was kubectl's alone.
    private static func step(
        _ fields: ObjectValue,
        _ child: ObjectValue,
        _ desired: ObjectValue?,
        _ others: [ObjectValue],
        _ depth: Int
    ) -> ObjectValue? {
        let isLeaf = fields.members?.keys.allSatisfy { $0 == "." } ?? true
        // A field that nobody else has, be it a value or a node with all that is below it.
        let isOwned = isLeaf || fields["."] != nil
        guard desired == nil, others.isEmpty, isOwned else {
            return isLeaf ? child : without(fields, in: child, desired, others, depth: depth + 1)
        }
        return nil
    }
}
