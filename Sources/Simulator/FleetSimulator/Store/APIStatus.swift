/// A failure in the words of the API server: the body of an error answer.
package struct APIStatus: Error, Sendable, Equatable {
    /// The HTTP status.
    package var code: Int
    /// The machine word, such as `NotFound`; empty where a real server gives none.
    package var reason: String
    /// The sentence.
    package var message: String
    /// What failed and why; nil leaves the key out.
    package var details: JSON?
    /// The token for an inconsistent rest, only with an expired continue token.
    package var continueToken: String?

    package init(code: Int, reason: String, message: String, details: JSON? = nil, continueToken: String? = nil) {
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details
        self.continueToken = continueToken
    }

    /// The Status object.
    package func body() -> JSON {
        var body: JSON = [
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure",
            "message": .string(message), "code": .int(Int64(code)),
        ]
        if !reason.isEmpty { body["reason"] = .string(reason) }
        if let details { body["details"] = details }
        if let continueToken { body["metadata"] = ["continue": .string(continueToken)] }
        return body
    }
}

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

    /// 409: the object has another resourceVersion than the writer saw.
    package static func conflict(_ type: ResourceType, _ name: String) -> APIStatus {
        APIStatus(
            code: 409,
            reason: "Conflict",
            message: "Operation cannot be fulfilled on \(type.qualifiedPlural) \"\(name)\": the object has been "
                + "modified; please apply your changes to the latest version and try again",
            details: details(type, name)
        )
    }

    /// 400.
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

    /// 401.
    package static func unauthorized() -> APIStatus {
        APIStatus(code: 401, reason: "Unauthorized", message: "Unauthorized")
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

    /// 405.
    package static func methodNotAllowed() -> APIStatus {
        APIStatus(
            code: 405,
            reason: "MethodNotAllowed",
            message: "the server does not allow this method on the requested resource",
            details: [:]
        )
    }

    /// The `details` that name an object by name, group and plural.
    package static func details(_ type: ResourceType, _ name: String) -> JSON {
        var details: JSON = ["name": .string(name), "kind": .string(type.plural)]
        if !type.group.isEmpty { details["group"] = .string(type.group) }
        return details
    }
}
