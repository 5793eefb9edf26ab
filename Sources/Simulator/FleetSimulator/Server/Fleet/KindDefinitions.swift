/// The CustomResourceDefinitions of the kinds that a cluster serves beyond the built-in ones.
///
/// They are objects like all others: deleting one takes its kind away, with all objects of it.
enum KindDefinitions {
    /// Stores a definition for each custom kind of the cluster.
    static func install(in store: ObjectStore) throws(APIStatus) {
        guard
            let type = ResourceTypes.type(group: "apiextensions.k8s.io", plural: "customresourcedefinitions")
        else {
            return
        }
        for kind in store.types where !kind.builtIn {
            let created = try store.create(
                definition(of: kind),
                type: type,
                namespace: nil,
                options: WriteOptions(fieldManager: "flux", fieldValidation: .ignore)
            )
            let name = created[path: "metadata", "name"]?.string ?? ""
            _ = try store.mergePatch(
                ObjectKey(type, namespace: nil, name: name),
                ["status": status(of: kind, since: created[path: "metadata", "creationTimestamp"] ?? .null)],
                options: WriteOptions(fieldManager: "kube-apiserver", subresource: "status")
            )
        }
    }

    private static func definition(of kind: ResourceType) -> JSON {
        let columns = kind.printerColumns.map { column -> JSON in
            ["name": .string(column.name), "type": .string(column.type), "jsonPath": .string(column.path)]
        }
        var version: JSON = [
            "name": .string(kind.version), "served": true, "storage": true,
            "schema": ["openAPIV3Schema": ["type": "object", "x-kubernetes-preserve-unknown-fields": true]],
            "additionalPrinterColumns": .array(columns),
        ]
        if kind.hasStatus { version["subresources"] = ["status": [:]] }
        return [
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": [
                "name": .string(kind.qualifiedPlural),
                "labels": [
                    "app.kubernetes.io/instance": "flux-system", "app.kubernetes.io/part-of": "flux",
                ],
            ],
            "spec": [
                "group": .string(kind.group), "names": names(of: kind),
                "scope": kind.namespaced ? "Namespaced" : "Cluster", "versions": [version],
            ],
        ]
    }

    private static func names(of kind: ResourceType) -> JSON {
        [
            "plural": .string(kind.plural), "singular": .string(kind.singular), "kind": .string(kind.kind),
            "listKind": .string(kind.kind + "List"), "shortNames": .array(kind.shortNames.map(JSON.string)),
            "categories": .array(kind.categories.map(JSON.string)),
        ]
    }

    private static func status(of kind: ResourceType, since time: JSON) -> JSON {
        let conditions = [
            ("NamesAccepted", "NoConflicts", "no conflicts found"),
            ("Established", "InitialNamesAccepted", "the initial names have been accepted"),
        ].map { type, reason, message -> JSON in
            [
                "type": .string(type), "status": "True", "reason": .string(reason),
                "message": .string(message),
                "lastTransitionTime": time,
            ]
        }
        return [
            "acceptedNames": names(of: kind), "storedVersions": [.string(kind.version)],
            "conditions": .array(conditions),
        ]
    }
}
