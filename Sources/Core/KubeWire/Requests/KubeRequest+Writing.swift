package import Chrono
package import Kube

/// Annotations that weir reads and writes on Flux objects.
package enum AnnotationKey {
    package static let requestedAt = "reconcile.fluxcd.io/requestedAt"
    package static let forceAt = "reconcile.fluxcd.io/forceAt"
    package static let suspendedBy = "fluxcd.controlplane.io/suspendedBy"
    package static let suspendReason = "weir.dev/suspend-reason"
    package static let suspendedAt = "weir.dev/suspended-at"
}

extension KubeRequest {
    /// The owner that the API server writes beside each change; it must not begin with `kubectl`.
    package static let fieldManager = "weir"

    /// Asks for a reconciliation: nothing happens unless the token is new.
    ///
    /// - Shape: `force` sends the same token as `forceAt`, which HelmReleases and some operator kinds act on.
    package static func reconcile(
        _ resource: ServedResource,
        namespace: String,
        name: String,
        token: String,
        force: Bool
    ) -> KubeRequest {
        var annotations = [(AnnotationKey.requestedAt, JSONText.quoted(token))]
        if force {
            annotations.append((AnnotationKey.forceAt, JSONText.quoted(token)))
        }
        return patch(
            resource,
            namespace: namespace,
            name: name,
            members: [("metadata", JSONText.object([("annotations", JSONText.object(annotations))]))]
        )
    }

    /// Suspends or resumes an object the way its kind knows; nil for kinds that cannot be suspended.
    ///
    /// - Shape: resuming removes the field and all annotations, also those of others than weir.
    package static func suspend(
        _ resource: ServedResource,
        kind: FluxKind,
        namespace: String,
        name: String,
        _ suspended: Bool,
        by: String? = nil,
        reason: String? = nil,
        at moment: Timestamp? = nil
    ) -> KubeRequest? {
        func value(_ text: String?) -> String {
            suspended ? text.map(JSONText.quoted) ?? "null" : "null"
        }
        var annotations = [
            (AnnotationKey.suspendedBy, value(by)),
            (AnnotationKey.suspendReason, value(reason)),
            (AnnotationKey.suspendedAt, value(moment?.rfc3339)),
        ]
        var members: [(String, String)] = []
        switch kind.suspension {
        case .field:
            members.append(("spec", JSONText.object([("suspend", suspended ? "true" : "null")])))
        case .annotation(let key):
            annotations.append((key, suspended ? "\"disabled\"" : "null"))
        case .unsupported:
            return nil
        }
        members.insert(("metadata", JSONText.object([("annotations", JSONText.object(annotations))])), at: 0)
        return patch(resource, namespace: namespace, name: name, members: members)
    }

    /// Asks the server what an apply of the controller would make of an object, without doing it.
    ///
    /// - Shape: the answer is the object as it would be. It needs the right to patch (and to create what is not
    ///   there), passes admission, and audit logs count it as a write.
    package static func dryRun(
        _ resource: ServedResource,
        namespace: String,
        name: String,
        body: ObjectValue,
        as controller: String
    ) -> KubeRequest {
        KubeRequest(
            .patch,
            resource.path(namespace: namespace, name: name),
            query: [
                QueryItem("dryRun", "All"), QueryItem("fieldManager", controller), QueryItem("force", "true"),
            ],
            contentType: MediaType.applyPatch,
            body: Array(body.json.utf8)
        )
    }

    /// Asks the server whether the user may do something; an empty namespace means all of them.
    package static func mayI(
        verb: String,
        group: String,
        resource: String,
        namespace: String = "",
        name: String = ""
    ) -> KubeRequest {
        var attributes = [
            ("verb", JSONText.quoted(verb)), ("group", JSONText.quoted(group)),
            ("resource", JSONText.quoted(resource)),
        ]
        if !namespace.isEmpty {
            attributes.append(("namespace", JSONText.quoted(namespace)))
        }
        if !name.isEmpty {
            attributes.append(("name", JSONText.quoted(name)))
        }
        let body = JSONText.object([
            ("apiVersion", "\"authorization.k8s.io/v1\""),
            ("kind", "\"SelfSubjectAccessReview\""),
            ("spec", JSONText.object([("resourceAttributes", JSONText.object(attributes))])),
        ])
        return question("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", body)
    }

    /// Asks the server whom it takes us for.
    package static let whoAmI = question(
        "/apis/authentication.k8s.io/v1/selfsubjectreviews",
        "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"SelfSubjectReview\"}"
    )

    /// Asks the server for everything the user may do in a namespace.
    package static func myRules(namespace: String) -> KubeRequest {
        let body = JSONText.object([
            ("apiVersion", "\"authorization.k8s.io/v1\""),
            ("kind", "\"SelfSubjectRulesReview\""),
            ("spec", JSONText.object([("namespace", JSONText.quoted(namespace))])),
        ])
        return question("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", body)
    }

    private static func question(_ path: String, _ body: String) -> KubeRequest {
        KubeRequest(
            .post,
            path,
            contentType: MediaType.json,
            body: Array(body.utf8),
            isQuestion: true
        )
    }

    private static func patch(
        _ resource: ServedResource,
        namespace: String,
        name: String,
        members: [(String, String)]
    ) -> KubeRequest {
        KubeRequest(
            .patch,
            resource.path(namespace: namespace, name: name),
            query: [QueryItem("fieldManager", fieldManager)],
            contentType: MediaType.mergePatch,
            body: Array(JSONText.object(members).utf8)
        )
    }
}
