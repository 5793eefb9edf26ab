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
        let created = try store.create(
            write.object,
            type: write.type,
            namespace: write.address.objectNamespace,
            options: write.options(.create)
        )
        return try answer(created, status: 201, to: write)
    }

    private func replace(_ write: WriteRequest) throws(APIStatus) -> APIAnswer {
        let replaced = try store.replace(write.key, write.object, options: write.options(.update))
        return try answer(replaced, to: write)
    }

    private func patch(_ write: WriteRequest) throws(APIStatus) -> APIAnswer {
        let patched = try patched(write)
        return try answer(patched.object, status: patched.created ? 201 : 200, to: write)
    }

    /// Applies the patch of a request, whichever of the four forms it has.
    func patched(_ write: WriteRequest) throws(APIStatus) -> (object: JSON, created: Bool) {
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
        let patch: JSON
        do throws(APIStatus) {
            patch = try JSON(parsing: write.request.body)
        } catch {
            throw .badRequest("error decoding patch: \(error.message)")
        }
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
        let body = request.body.isEmpty ? JSON.object([:]) : try JSON(parsing: request.body)
        if body["dryRun"]?.array?.isEmpty == false { options.dryRun = true }
        guard write.address.name != nil else {
            let page = try store.deleteCollection(
                write.type,
                namespace: write.address.objectNamespace,
                options: options,
                selecting: ListOptions(query: request.query.items, type: write.type)
            )
            return write.answer(try answer(page: page, write.wanted, request))
        }
        let preconditions = DeletePreconditions(
            uid: body[path: "preconditions", "uid"]?.string,
            resourceVersion: body[path: "preconditions", "resourceVersion"]?.string,
            propagation: body["propagationPolicy"]?.string ?? request.query["propagationPolicy"]
        )
        let result = try store.delete(write.key, options: options, preconditions: preconditions)
        return write.answer(.json(result, for: request))
    }

    private func answer(_ object: JSON, status: Int = 200, to write: WriteRequest) throws(APIStatus)
        -> APIAnswer
    {
        write.answer(try answer(status: status, object: object, write.type, write.wanted, write.request))
    }
}
