/// Failures that list the fields they are about.
extension APIStatus {
    /// One wrong field.
    struct Cause: Sendable {
        let reason: String
        let message: String
        let field: String

        static func tooLong(_ field: String, _ detail: String) -> Cause {
            Cause(reason: "FieldValueTooLong", message: "Too long: \(detail)", field: field)
        }

        static func required(_ field: String, _ detail: String) -> Cause {
            Cause(reason: "FieldValueRequired", message: "Required value: \(detail)", field: field)
        }

        static func forbidden(_ field: String, _ detail: String) -> Cause {
            Cause(reason: "FieldValueForbidden", message: "Forbidden: \(detail)", field: field)
        }

        static func invalid(_ field: String, _ value: String, _ detail: String) -> Cause {
            Cause(reason: "FieldValueInvalid", message: "Invalid value: \(value): \(detail)", field: field)
        }

        static func unsupported(_ field: String, _ value: String, _ supported: [String]) -> Cause {
            Cause(
                reason: "FieldValueNotSupported",
                message: "Unsupported value: \(value): supported values: \(supported.joined(separator: ", "))",
                field: field
            )
        }
    }

    /// 422: some fields are wrong.
    static func invalid(kind: String, group: String, name: String, causes: [Cause]) -> APIStatus {
        let sentences = causes.map { "\($0.field): \($0.message)" }
        let list = sentences.count == 1 ? sentences[0] : "[" + sentences.joined(separator: ", ") + "]"
        var details: JSON = [
            "causes": .array(
                causes.map { cause in
                    [
                        "reason": .string(cause.reason), "message": .string(cause.message),
                        "field": .string(cause.field),
                    ]
                }
            )
        ]
        if !name.isEmpty { details["name"] = .string(name) }
        if !group.isEmpty { details["group"] = .string(group) }
        if !kind.isEmpty { details["kind"] = .string(kind) }
        return APIStatus(
            code: 422,
            reason: "Invalid",
            message: "\(kind).\(group) \"\(name)\" is invalid: \(list)",
            details: details
        )
    }

    /// 403 in the words of the authorizer.
    static func forbidden(user: UserIdentity, request: APIRequest, verb: String? = nil) -> APIStatus {
        let verb = verb ?? request.verb
        guard case .resource(let address) = request.target else {
            return APIStatus(
                code: 403,
                reason: "Forbidden",
                message: "forbidden: User \"\(user.name)\" cannot \(verb) path \"\(request.path)\"",
                details: [:]
            )
        }
        var details: JSON = ["kind": .string(address.resource)]
        if !address.group.isEmpty { details["group"] = .string(address.group) }
        var name = ""
        if case .resource(_, _, _, let asked) = request.accessQuestion.object, !asked.isEmpty {
            name = " \"\(asked)\""
            details["name"] = .string(asked)
        }
        let place = address.namespace.map { "in the namespace \"\($0)\"" } ?? "at the cluster scope"
        return APIStatus(
            code: 403,
            reason: "Forbidden",
            message: "\(address.qualifiedResource)\(name) is forbidden: User \"\(user.name)\" cannot \(verb) resource "
                + "\"\(address.resourceWithSubresource)\" in API group \"\(address.group)\" \(place)",
            details: details
        )
    }

    /// 413.
    static let bodyTooLarge = APIStatus(
        code: 413,
        reason: "RequestEntityTooLarge",
        message: "Request entity too large: limit is \(APIRequest.bodyLimit)"
    )
}
