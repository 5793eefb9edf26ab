/// Failures that belong to the server rather than to its storage.
extension APIStatus {
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
            message:
                "\(address.qualifiedResource)\(name) is forbidden: User \"\(user.name)\" cannot \(verb) resource "
                + "\"\(address.resourceWithSubresource)\" in API group \"\(address.group)\" \(place)",
            details: details
        )
    }

    /// 405 in the words for a method that is none of the API's verbs.
    static func methodNotAllowed(_ type: ResourceType) -> APIStatus {
        var details: JSON = ["kind": .string(type.plural)]
        if !type.group.isEmpty { details["group"] = .string(type.group) }
        return APIStatus(
            code: 405,
            reason: "MethodNotAllowed",
            message: " is not supported on resources of kind \"\(type.qualifiedPlural)\"",
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
