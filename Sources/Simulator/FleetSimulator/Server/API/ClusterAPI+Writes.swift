import Foundation

/// Creating, changing and deleting objects.
extension ClusterAPI {
    func answer(_ write: WriteRequest) throws(APIStatus) -> APIAnswer {
        switch write.request.method {
        case "POST": return try create(write)
        case "PUT": return try replace(write)
        case "PATCH": return try patch(write)
        default: return try delete(write)
        }
    }

    private func create(_ write: WriteRequest) throws(APIStatus) -> APIAnswer {
        guard write.address.name == nil || !write.type.builtIn else { throw .methodNotAllowed() }
        let options = try write.options(.create)
        let created = try store.create(
            write.object(options),
            type: write.type,
            namespace: write.address.objectNamespace,
            options: options
        )
        return try answer(created, status: 201, to: write)
    }

    private func replace(_ write: WriteRequest) throws(APIStatus) -> APIAnswer {
        let options = try write.options(.update)
        let replaced = try store.replace(write.key, write.object(options), options: options)
        return try answer(replaced, to: write)
    }

    private func patch(_ write: WriteRequest) throws(APIStatus) -> APIAnswer {
        let patched = try patched(write)
        return try answer(patched.object, status: patched.created ? 201 : 200, to: write)
    }

    /// Applies the patch of a request, whichever of the four forms it has.
    private func patched(_ write: WriteRequest) throws(APIStatus) -> (object: JSON, created: Bool) {
        let key = try write.key
        var accepted = ["application/json-patch+json", "application/merge-patch+json"]
        if write.type.builtIn { accepted.append("application/strategic-merge-patch+json") }
        accepted.append("application/apply-patch+yaml")
        let form = write.request.contentType
        guard accepted.contains(form) else { throw .unsupportedMediaType(accepted: accepted) }
        if form == "application/apply-patch+yaml" {
            return try store.apply(key, write.yamlObject, options: write.options(.apply))
        }
        let options = try write.options(.patch)
        let patch = try write.json(options, context: "error decoding patch: ")
        switch form {
        case "application/merge-patch+json":
            return (try store.mergePatch(key, patch, options: options), false)
        case "application/json-patch+json":
            return (try store.jsonPatch(key, patch, options: options), false)
        default:
            return (try store.strategicMergePatch(key, patch, options: options), false)
        }
    }

    private func delete(_ write: WriteRequest) throws(APIStatus) -> APIAnswer {
        let request = write.request
        var options = try write.options(.delete)
        let body = try deleteOptions(request)
        if body["dryRun"]?.array?.isEmpty == false { options.dryRun = true }
        guard write.address.name != nil else {
            let page = try store.deleteCollection(
                write.type,
                namespace: write.address.objectNamespace,
                options: options,
                selecting: ListOptions(query: request.query.items, type: write.type)
            )
            return write.answer(try answer(page, write.wanted, request))
        }
        var preconditions = DeletePreconditions(body: body)
        preconditions.propagation = preconditions.propagation ?? request.query["propagationPolicy"]
        let result = try store.delete(write.key, options: options, preconditions: preconditions)
        return write.answer(.json(result, for: request))
    }

    private func deleteOptions(_ request: APIRequest) throws(APIStatus) -> JSON {
        guard !request.body.isEmpty else { return [:] }
        guard request.contentType == ProtobufBody.contentType else { return try JSON(parsing: request.body) }
        return ProtobufBody.json(request.body) ?? [:]
    }

    private func answer(_ object: JSON, status: Int = 200, to write: WriteRequest) throws(APIStatus)
        -> APIAnswer
    {
        guard write.address.subresource != "scale" else {
            return write.answer(render(Scale.scale(of: object), status: status, write.wanted, write.request))
        }
        DeprecatedFields.remarks(object, type: write.type).forEach(write.remark)
        let stored = StoredObject(object, type: write.type, resourceVersion: 0)
        return write.answer(try answer(status: status, stored, write.wanted, write.request))
    }
}
