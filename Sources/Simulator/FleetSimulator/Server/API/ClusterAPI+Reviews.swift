import Foundation

/// Questions that a caller asks about itself; they are answered and not stored.
extension ClusterAPI {
    /// The answer to a review; nil for everything else.
    func review(
        _ address: ResourceAddress,
        user: UserIdentity,
        _ request: APIRequest
    ) throws(APIStatus) -> APIAnswer? {
        let known = APIResource.reviews.contains { $0.0 == address.group && $0.1.plural == address.resource }
        guard known, address.version == "v1" else { return nil }
        guard request.method == "POST", address.name == nil else { throw .methodNotAllowed() }
        if request.isBodyTooLarge { throw .bodyTooLarge }
        let isProtobuf = request.contentType == ProtobufBody.contentType
        let body = try isProtobuf ? ProtobufBody.json(request.body) ?? [:] : JSON(parsing: request.body)
        switch address.resource {
        case "selfsubjectaccessreviews": return try accessReview(body, user, request)
        case "selfsubjectrulesreviews": return try rulesReview(body, user, request)
        default: return identityReview(user, request)
        }
    }

    private func accessReview(
        _ body: JSON,
        _ user: UserIdentity,
        _ request: APIRequest
    ) throws(APIStatus) -> APIAnswer {
        let spec = body["spec"] ?? [:]
        let question: AccessQuestion
        if let resource = spec["resourceAttributes"], resource.object != nil {
            let plural = resource["resource"]?.string ?? ""
            let subresource = resource["subresource"]?.string ?? ""
            question = AccessQuestion(
                verb: resource["verb"]?.string ?? "",
                object: .resource(
                    group: resource["group"]?.string ?? "",
                    resource: subresource.isEmpty ? plural : "\(plural)/\(subresource)",
                    namespace: resource["namespace"]?.string ?? "",
                    name: resource["name"]?.string ?? ""
                )
            )
        } else if let path = spec["nonResourceAttributes"], path.object != nil {
            question = AccessQuestion(
                verb: path["verb"]?.string ?? "",
                object: .path(path["path"]?.string ?? "")
            )
        } else {
            throw Self.reviewWithoutAttributes
        }
        let verdict = policy.verdict(user, question)
        var status: JSON = ["allowed": .bool(verdict.allowed)]
        if !verdict.reason.isEmpty { status["reason"] = .string(verdict.reason) }
        let answer: JSON = [
            "kind": "SelfSubjectAccessReview", "apiVersion": "authorization.k8s.io/v1", "metadata": [:],
            "spec": spec, "status": status,
        ]
        return .json(answer, status: 201, for: request)
    }

    private static let reviewWithoutAttributes: APIStatus = {
        let detail =
            "Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified"
        let cause: JSON = [
            "reason": "FieldValueInvalid", "message": .string(detail), "field": "spec.resourceAttributes",
        ]
        return APIStatus(
            code: 422,
            reason: "Invalid",
            message: ".authorization.k8s.io \"\" is invalid: spec.resourceAttributes: \(detail)",
            details: ["group": "authorization.k8s.io", "causes": [cause]]
        )
    }()

    private func rulesReview(
        _ body: JSON,
        _ user: UserIdentity,
        _ request: APIRequest
    ) throws(APIStatus) -> APIAnswer {
        guard let namespace = body[path: "spec", "namespace"]?.string, !namespace.isEmpty else {
            throw .badRequest("no namespace on request")
        }
        let rules = policy.rules(user, namespace: namespace)
        let resourceRules = rules.resources.map { rule -> JSON in
            var entry: JSON = [
                "verbs": .array(rule.verbs.map(JSON.string)),
                "apiGroups": .array(rule.groups.map(JSON.string)),
                "resources": .array(rule.resources.map(JSON.string)),
            ]
            if !rule.names.isEmpty { entry["resourceNames"] = .array(rule.names.map(JSON.string)) }
            return entry
        }
        let pathRules = rules.paths.map { rule -> JSON in
            [
                "verbs": .array(rule.verbs.map(JSON.string)),
                "nonResourceURLs": .array(rule.paths.map(JSON.string)),
            ]
        }
        let answer: JSON = [
            "kind": "SelfSubjectRulesReview", "apiVersion": "authorization.k8s.io/v1", "metadata": [:],
            "spec": [:],
            "status": [
                "resourceRules": .array(resourceRules), "nonResourceRules": .array(pathRules),
                "incomplete": false,
            ],
        ]
        return .json(answer, status: 201, for: request)
    }

    private func identityReview(_ user: UserIdentity, _ request: APIRequest) -> APIAnswer {
        var info: JSON = [
            "username": .string(user.name), "groups": .array(user.groups.map(JSON.string)),
        ]
        if !user.uid.isEmpty { info["uid"] = .string(user.uid) }
        if !user.extra.isEmpty {
            info["extra"] = .object(
                Dictionary(
                    user.extra.map { ($0.key, .array($0.values.map(JSON.string))) },
                    uniquingKeysWith: { $1 }
                )
            )
        }
        let created = Date().formatted(.iso8601)
        let answer: JSON = [
            "kind": "SelfSubjectReview", "apiVersion": "authentication.k8s.io/v1",
            "metadata": ["creationTimestamp": .string(created)], "status": ["userInfo": info],
        ]
        return .json(answer, status: 201, for: request)
    }
}
