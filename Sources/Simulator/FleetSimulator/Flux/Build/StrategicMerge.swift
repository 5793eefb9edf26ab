/// Strategic merge for manifests: objects merge by key, known lists by the key of their elements.
enum StrategicMerge {
    /// `patch` laid over `base`; null deletes a member, `$patch: delete` a list element, `$patch: replace` replaces.
    static func merged(_ base: JSON, _ patch: JSON, at key: String = "") -> JSON {
        switch (base, patch) {
        case (.object(var members), .object(var changes)):
            if let directive = changes.removeValue(forKey: "$patch")?.string, directive == "replace" {
                return .object(changes)
            }
            for (name, change) in changes {
                if change.isNull {
                    members[name] = nil
                } else if let present = members[name] {
                    members[name] = merged(present, change, at: name)
                } else {
                    members[name] = cleaned(change)
                }
            }
            return .object(members)
        case (.array(let elements), .array(let changes)):
            return mergedList(elements, changes, at: key)
        default:
            return cleaned(patch)
        }
    }

    /// Lists whose elements have an identity, and the member that is it.
    ///
    /// - Source: `x-kubernetes-patch-merge-key` of the built-in types.
    private static let mergeKeys = [
        "containers": "name", "initContainers": "name", "ephemeralContainers": "name", "env": "name",
        "volumes": "name", "imagePullSecrets": "name", "volumeMounts": "mountPath", "volumeDevices": "devicePath",
        "hostAliases": "ip", "topologySpreadConstraints": "topologyKey",
    ]

    private static func mergedList(_ elements: [JSON], _ changes: [JSON], at key: String) -> JSON {
        // Ports are `ports` both in containers and in Services, with another key each.
        let ports = (elements + changes).contains { $0["containerPort"] != nil } ? "containerPort" : "port"
        guard
            let mergeKey = key == "ports" ? ports : mergeKeys[key],
            (elements + changes).allSatisfy({ $0[mergeKey] != nil })
        else {
            return .array(changes.map(cleaned))
        }
        var result = elements
        var added: [JSON] = []
        for change in changes {
            guard let index = result.firstIndex(where: { $0[mergeKey] == change[mergeKey] }) else {
                if change["$patch"]?.string != "delete" { added.append(cleaned(change)) }
                continue
            }
            if change["$patch"]?.string == "delete" {
                result.remove(at: index)
            } else {
                result[index] = merged(result[index], change)
            }
        }
        // kustomize puts new elements first.
        return .array(added + result)
    }

    /// A value without the nulls and directives that only mean something while merging.
    private static func cleaned(_ value: JSON) -> JSON {
        guard case .object(let members) = value else { return value }
        return .object(
            members.filter { !$0.value.isNull && $0.key != "$patch" }.mapValues(cleaned)
        )
    }
}
