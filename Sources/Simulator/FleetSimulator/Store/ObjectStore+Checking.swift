extension ObjectStore {
    /// An object must name its own kind, or none.
    static func checkKind(_ object: JSON, _ type: ResourceType) throws(APIStatus) {
        let kind = object["kind"]?.string ?? type.kind
        let group = object["apiVersion"]?.string.map { version in
            version.split(separator: "/").dropLast().joined(separator: "/")
        }
        guard kind != type.kind || (group ?? type.group) != type.group else { return }
        throw .badRequest(
            "the API version in the data (\(object["apiVersion"]?.string ?? "")) does not match the expected "
                + "API version (\(type.apiVersion))"
        )
    }

    /// A path to a subresource that the kind lacks leads nowhere.
    func checkSubresource(_ key: ObjectKey, _ subresource: String?) throws(APIStatus) {
        switch subresource {
        case nil, "": return
        case "status" where key.type.hasStatus: return
        case "scale" where key.type.hasScale: return
        default: throw .notFound(key.type, key.name)
        }
    }

    /// A changed object must still be the same one, and the one that the writer saw.
    func checkIdentity(
        _ object: JSON,
        _ live: JSON,
        _ key: ObjectKey,
        replacing: Bool
    ) throws(APIStatus) {
        guard object.object != nil else { throw .unrecognized(object, key.type) }
        let metadata = object["metadata"]
        if let name = metadata?["name"]?.string, name != key.name {
            throw .badRequest(
                "the name of the object (\(name)) does not match the name on the URL (\(key.name))"
            )
        }
        if let namespace = metadata?["namespace"]?.string, !namespace.isEmpty, namespace != key.namespace {
            throw .badRequest(
                "the namespace of the provided object does not match the namespace sent on the request"
            )
        }
        let liveUID = live["metadata"]?["uid"]?.string ?? ""
        if let uid = metadata?["uid"]?.string, !uid.isEmpty, uid != liveUID {
            guard replacing else {
                let cause = APIStatus.Cause.invalidValue("\"\(uid)\"", "field is immutable", "metadata.uid")
                throw .invalid(key.type, key.name, [cause, cause])
            }
            let why = "Precondition failed: UID in precondition: \(uid), UID in object meta: \(liveUID)"
            throw .conflict(key.type, key.name, why)
        }
        let version = metadata?["resourceVersion"]?.string ?? ""
        if version.isEmpty {
            guard !replacing || key.type.builtIn else {
                let problem = "must be specified for an update"
                let cause = APIStatus.Cause.invalidValue("0", problem, "metadata.resourceVersion")
                throw .invalid(key.type, key.name, [cause])
            }
        } else if version != live["metadata"]?["resourceVersion"]?.string {
            throw .conflict(key.type, key.name)
        }
    }

    /// The name of a new object must be one.
    func checkName(_ key: ObjectKey) throws(APIStatus) {
        guard !key.name.isEmpty else {
            let cause = APIStatus.Cause.required("metadata.name", "name or generateName is required")
            throw .invalid(key.type, "", [cause])
        }
        guard key.type.group != "rbac.authorization.k8s.io", !ObjectStore.isSubdomain(key.name) else {
            return
        }
        let problem =
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
            + "and must start and end with an alphanumeric character (e.g. 'example.com', regex used for "
            + "validation is ''[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
        let cause = APIStatus.Cause.invalidValue("\"\(key.name)\"", problem, "metadata.name")
        throw .invalid(key.type, key.name, [cause])
    }

    private static func isSubdomain(_ name: String) -> Bool {
        name.utf8.count <= 253
            && name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
                !label.isEmpty && label.first != "-" && label.last != "-"
                    && label.utf8.allSatisfy { byte in
                        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                            || byte == UInt8(ascii: "-")
                    }
            }
    }

    /// A new object needs a namespace that is there to stay.
    func checkNamespace(_ key: ObjectKey, _ state: State) throws(APIStatus) {
        guard key.type.namespaced else { return }
        let name = key.namespace ?? ""
        guard let namespaces = ResourceTypes.type(group: "", plural: "namespaces"),
            let shelf = state.shelfNumbers[namespaces]
        else { return }
        guard !name.isEmpty, state.shelves[shelf].objects[name] != nil else {
            throw .notFound(namespaces, name)
        }
        guard state.terminating.contains(name) else { return }
        let sentence = "namespace \(name) is being terminated"
        var details = APIStatus.details(key.type, key.name)
        details["causes"] = [
            ["reason": "NamespaceTerminating", "message": .string(sentence), "field": "metadata.namespace"]
        ]
        throw APIStatus(
            code: 403,
            reason: "Forbidden",
            message:
                "\(key.type.qualifiedPlural) \"\(key.name)\" is forbidden: unable to create new content in "
                + "namespace \(name) because it is being terminated",
            details: details
        )
    }
}

extension APIStatus {
    /// 400: the body is no object of the kind.
    static func unrecognized(_ object: JSON, _ type: ResourceType) -> APIStatus {
        .badRequest(
            "the object provided is unrecognized (must be of type \(type.kind)): Object 'Kind' is missing in "
                + "'\(object.text)'"
        )
    }
}

extension Draft {
    /// Refuses an object that the kind does not allow.
    func check() throws(APIStatus) {
        let name = object["metadata"]?["name"]?.string ?? ""
        if !type.builtIn {
            var causes = annotationCauses(times: 3)
            let isAllowed = changedFields.allSatisfy { field in
                schema.field(field)?.schema.allows(object[field] ?? .null) ?? true
            }
            let isComplete = schema.requiredFields.allSatisfy { object[$0.name] != nil }
            if !isAllowed || !isComplete { causes += schema.causes(object) }
            guard !causes.isEmpty else { return }
            let sentence =
                "some validation rules were not checked because the object was invalid; correct the "
                + "existing errors to complete validation"
            causes.append(.invalidValue("null", sentence, "<nil>"))
            throw .invalid(type, name, causes)
        }
        let isAllowed = schema.allows(object)
        if !isAllowed,
            let wrong = schema.causes(object).first(where: { $0.reason == "FieldValueTypeInvalid" })
        {
            throw .badRequest(
                "\(type.kind) in version \"\(type.version)\" cannot be handled as a \(type.kind): json: "
                    + "cannot unmarshal into Go struct field .\(wrong.field): \(wrong.message)"
            )
        }
        let causes = annotationCauses(times: 1) + immutableCauses + selectorCauses
        guard causes.isEmpty else { throw .invalid(type, name, causes) }
    }

    private static let mostAnnotationBytes = 256 * 1024

    private func annotationCauses(times: Int) -> [APIStatus.Cause] {
        let annotations = object["metadata"]?["annotations"]?.object ?? [:]
        let size = annotations.reduce(0) { $0 + $1.key.utf8.count + ($1.value.string?.utf8.count ?? 0) }
        guard size > Draft.mostAnnotationBytes else { return [] }
        return Array(repeating: .tooLong(Draft.mostAnnotationBytes, "metadata.annotations"), count: times)
    }

    /// Fields of built-in kinds that never change once they are set.
    private static let immutable: [String: [[String]]] = [
        "Deployment": [["spec", "selector"]],
        "DaemonSet": [["spec", "selector"]],
        "ReplicaSet": [["spec", "selector"]],
        "StatefulSet": [["spec", "selector"], ["spec", "serviceName"], ["spec", "podManagementPolicy"]],
        "Job": [["spec", "completions"], ["spec", "selector"], ["spec", "template"]],
        "RoleBinding": [["roleRef"]],
        "ClusterRoleBinding": [["roleRef"]],
        "Secret": [["type"]],
        "Service": [["spec", "clusterIP"]],
        "PersistentVolumeClaim": [["spec", "accessModes"], ["spec", "storageClassName"]],
    ]

    private var immutableCauses: [APIStatus.Cause] {
        guard let live else { return [] }
        var causes: [APIStatus.Cause] = []
        for path in Draft.immutable[type.kind] ?? [] {
            let (before, after) = (live.value(at: path) ?? .null, object.value(at: path) ?? .null)
            guard before != after, !before.isNull || type.kind != "PersistentVolumeClaim" else { continue }
            let field = path.joined(separator: ".")
            causes.append(.invalidValue(after.text, "field is immutable", field))
        }
        if live["immutable"]?.bool == true, object["data"] != live["data"] {
            causes.append(.forbidden("field is immutable when `immutable` is set", "data"))
        }
        return causes
    }

    /// A workload must select its own pods.
    private var selectorCauses: [APIStatus.Cause] {
        guard ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"].contains(type.kind) else { return [] }
        guard let selector = object.value(at: ["spec", "selector"]), !selector.isNull else {
            return [.required("spec.selector")]
        }
        let labels = object.value(at: ["spec", "template", "metadata", "labels"])
        let wanted = selector["matchLabels"]?.object ?? [:]
        guard wanted.contains(where: { labels?[$0.key] != $0.value }) else { return [] }
        let problem = "`selector` does not match template `labels`"
        return [.invalidValue((labels ?? .null).text, problem, "spec.template.metadata.labels")]
    }
}
