extension APIStatus {
    /// 404: the object does not exist.
    package static func notFound(_ type: ResourceType, _ name: String) -> APIStatus {
        APIStatus(
            code: 404,
            reason: "NotFound",
            message: "\(type.qualifiedPlural) \"\(name)\" not found",
            details: details(type, name)
        )
    }

    /// 409: an object of that name exists.
    package static func alreadyExists(_ type: ResourceType, _ name: String) -> APIStatus {
        APIStatus(
            code: 409,
            reason: "AlreadyExists",
            message: "\(type.qualifiedPlural) \"\(name)\" already exists",
            details: details(type, name)
        )
    }

    /// 409: the object has another resourceVersion than the writer saw, or another precondition fails.
    package static func conflict(
        _ type: ResourceType,
        _ name: String,
        _ why: String =
            "the object has been modified; please apply your changes to the latest version and try again"
    ) -> APIStatus {
        APIStatus(
            code: 409,
            reason: "Conflict",
            message: "Operation cannot be fulfilled on \(type.qualifiedPlural) \"\(name)\": \(why)",
            details: details(type, name)
        )
    }

    /// 400: the request makes no sense.
    package static func badRequest(_ message: String) -> APIStatus {
        APIStatus(code: 400, reason: "BadRequest", message: message)
    }

    /// 500 without a reason, as a real server reports its own and some of the client's mistakes.
    package static func internalError(_ message: String) -> APIStatus {
        APIStatus(code: 500, reason: "", message: message)
    }

    /// 410: the version asked for is no longer known.
    package static func expired(_ message: String, continueToken: String? = nil) -> APIStatus {
        APIStatus(code: 410, reason: "Expired", message: message, continueToken: continueToken)
    }

    /// 504: the version asked for lies in the future.
    package static func versionTooLarge(_ version: UInt64, current: UInt64) -> APIStatus {
        let cause: JSON = ["reason": "ResourceVersionTooLarge", "message": "Too large resource version"]
        return APIStatus(
            code: 504,
            reason: "Timeout",
            message: "Timeout: Too large resource version: \(version), current: \(current)",
            details: ["causes": [cause], "retryAfterSeconds": 1]
        )
    }

    /// 401: the credential is not known.
    package static func unauthorized() -> APIStatus {
        APIStatus(code: 401, reason: "Unauthorized", message: "Unauthorized")
    }

    /// 403: the user lacks the right to do `verb` on a kind or one of its objects.
    package static func forbidden(
        user: String,
        verb: String,
        type: ResourceType,
        subresource: String? = nil,
        namespace: String?,
        name: String?
    ) -> APIStatus {
        let resource = subresource.map { "\(type.plural)/\($0)" } ?? type.plural
        let place = namespace.map { "in the namespace \"\($0)\"" } ?? "at the cluster scope"
        let group = type.group.isEmpty ? "" : ".\(type.group)"
        let object = name.map { " \"\($0)\"" } ?? ""
        var details: [String: JSON] = ["kind": .string(type.plural)]
        if !type.group.isEmpty { details["group"] = .string(type.group) }
        if let name { details["name"] = .string(name) }
        return APIStatus(
            code: 403,
            reason: "Forbidden",
            message: "\(type.plural)\(group)\(object) is forbidden: User \"\(user)\" cannot \(verb) resource "
                + "\"\(resource)\" in API group \"\(type.group)\" \(place)",
            details: .object(details)
        )
    }

    /// 415: the content type is none that the kind accepts.
    package static func unsupportedMediaType(accepted: [String]) -> APIStatus {
        APIStatus(
            code: 415,
            reason: "UnsupportedMediaType",
            message: "the body of the request was in an unknown format - accepted media types include: "
                + accepted.joined(separator: ", ")
        )
    }

    /// The content types that a PATCH of the kind may have, as error messages list them.
    package static func patchTypes(_ type: ResourceType) -> [String] {
        ["application/json-patch+json", "application/merge-patch+json"]
            + (type.builtIn ? ["application/strategic-merge-patch+json"] : []) + [
                "application/apply-patch+yaml"
            ]
    }

    /// 405: the path has no such method.
    package static func methodNotAllowed() -> APIStatus {
        APIStatus(
            code: 405,
            reason: "MethodNotAllowed",
            message: "the server does not allow this method on the requested resource",
            details: [:]
        )
    }

    /// 422 without an object, for a JSON patch that does not fit.
    package static func patchRejected() -> APIStatus {
        APIStatus(
            code: 422,
            reason: "Invalid",
            message: "the server rejected our request due to an error in our request",
            details: [:]
        )
    }

    /// What is wrong with one field of an object or of a request's options.
    package struct Cause: Sendable, Equatable {
        /// The machine word, such as `FieldValueInvalid`.
        package let reason: String
        /// The sentence.
        package let message: String
        /// The path of the field.
        package let field: String

        package init(reason: String, message: String, field: String) {
            self.reason = reason
            self.message = message
            self.field = field
        }
    }

    /// 422: fields of an object are wrong; a sentence that two causes share is said once.
    package static func invalid(_ type: ResourceType, _ name: String, _ causes: [Cause]) -> APIStatus {
        invalid(qualifiedKind: type.qualifiedKind, kind: type.kind, group: type.group, name: name, causes)
    }

    /// 422: options of a request are wrong, such as those of `PatchOptions`.
    package static func invalidOptions(_ kind: String, _ causes: [Cause]) -> APIStatus {
        let group = "meta.k8s.io"
        return invalid(qualifiedKind: "\(kind).\(group)", kind: kind, group: group, name: "", causes)
    }

    static func invalid(
        qualifiedKind: String,
        kind: String,
        group: String,
        name: String,
        _ causes: [Cause]
    ) -> APIStatus {
        var sentences: [String] = []
        for cause in causes {
            let sentence = "\(cause.field): \(cause.message)"
            if !sentences.contains(sentence) { sentences.append(sentence) }
        }
        let list = sentences.count == 1 ? sentences[0] : "[\(sentences.joined(separator: ", "))]"
        var details: [String: JSON] = [
            "causes": .array(
                causes.map { cause in
                    [
                        "reason": .string(cause.reason), "message": .string(cause.message),
                        "field": .string(cause.field),
                    ]
                }
            )
        ]
        if !kind.isEmpty { details["kind"] = .string(kind) }
        if !group.isEmpty { details["group"] = .string(group) }
        if !name.isEmpty { details["name"] = .string(name) }
        return APIStatus(
            code: 422,
            reason: "Invalid",
            message: "\(qualifiedKind) \"\(name)\" is invalid: \(list)",
            details: .object(details)
        )
    }

    /// 409: an apply without force meets fields that others own with other values.
    static func applyConflict(_ clashes: [FieldOwnership.Clash]) -> APIStatus {
        let causes: [JSON] = clashes.map { clash in
            [
                "reason": "FieldManagerConflict",
                "message": .string("conflict with \(display(clash.writer))"),
                "field": .string(FieldSet.display(clash.path)),
            ]
        }
        return APIStatus(
            code: 409,
            reason: "Conflict",
            message: applyConflictMessage(clashes),
            details: ["causes": .array(causes)]
        )
    }

    private static func applyConflictMessage(_ clashes: [FieldOwnership.Clash]) -> String {
        if clashes.count == 1, let clash = clashes.first {
            return "Apply failed with 1 conflict: conflict with \(display(clash.writer)): "
                + FieldSet.display(clash.path)
        }
        let byWriter = Dictionary(grouping: clashes, by: \.writer)
        let lines = byWriter.sorted { identifier($0.key) < identifier($1.key) }.flatMap { writer, clashes in
            ["conflicts with \(display(writer)):"] + clashes.map { "- " + FieldSet.display($0.path) }
        }
        return "Apply failed with \(clashes.count) conflicts: " + lines.joined(separator: "\n")
    }

    private static func identifier(_ writer: FieldOwnership.Writer) -> String {
        "\"\(writer.name)\"\(writer.applies ? "Apply" : "Update")\(writer.apiVersion)\(writer.subresource)"
    }

    private static func display(_ writer: FieldOwnership.Writer) -> String {
        let subresource = writer.subresource.isEmpty ? "" : " with subresource \"\(writer.subresource)\""
        return "\"\(writer.name)\"" + subresource + (writer.applies ? "" : " using \(writer.apiVersion)")
    }

    /// The `details` that name an object by name, group and plural.
    package static func details(_ type: ResourceType, _ name: String) -> JSON {
        var details: [String: JSON] = ["name": .string(name), "kind": .string(type.plural)]
        if !type.group.isEmpty { details["group"] = .string(type.group) }
        return .object(details)
    }
}
