import Foundation

/// Creating, changing and deleting objects.
extension ClusterAPI {
    func write(
        _ address: ResourceAddress,
        _ type: ResourceType,
        _ request: APIRequest
    ) throws(APIStatus) -> APIAnswer {
        guard let wanted = Representation(accept: request.header("Accept")) else {
            throw Representation.notAcceptable
        }
        switch request.method {
        case "POST": return try create(address, type, wanted, request)
        case "PUT": return try replace(address, type, wanted, request)
        case "PATCH": return try patch(address, type, wanted, request)
        default: return try delete(address, type, wanted, request)
        }
    }

    private func create(
        _ address: ResourceAddress,
        _ type: ResourceType,
        _ wanted: Representation,
        _ request: APIRequest
    ) throws(APIStatus) -> APIAnswer {
        guard address.name == nil || !type.builtIn else { throw .methodNotAllowed() }
        let options = try options(.create, address, request)
        let object = try object(in: request, of: type)
        let created = try store.create(object, type: type, namespace: namespace(address), options: options)
        return try answer(status: 201, object: created, type, wanted, request)
    }

    private func replace(
        _ address: ResourceAddress,
        _ type: ResourceType,
        _ wanted: Representation,
        _ request: APIRequest
    ) throws(APIStatus) -> APIAnswer {
        let key = try key(address, type)
        let options = try options(.update, address, request)
        let object = try object(in: request, of: type)
        let replaced = try store.replace(key, object, options: options)
        return try answer(object: replaced, type, wanted, request)
    }

    private func patch(
        _ address: ResourceAddress,
        _ type: ResourceType,
        _ wanted: Representation,
        _ request: APIRequest
    ) throws(APIStatus) -> APIAnswer {
        let key = try key(address, type)
        let patched = try patch(key, type, address, request)
        return try answer(status: patched.created ? 201 : 200, object: patched.object, type, wanted, request)
    }

    /// Applies the patch of a request, whichever of the four forms it has.
    func patch(
        _ key: ObjectKey,
        _ type: ResourceType,
        _ address: ResourceAddress,
        _ request: APIRequest
    ) throws(APIStatus) -> (object: JSON, created: Bool) {
        var accepted = ["application/json-patch+json", "application/merge-patch+json"]
        if type.builtIn { accepted.append("application/strategic-merge-patch+json") }
        accepted.append("application/apply-patch+yaml")
        guard accepted.contains(request.contentType) else {
            throw .unsupportedMediaType(accepted: accepted)
        }
        if request.contentType == "application/apply-patch+yaml" {
            let options = try options(.apply, address, request)
            return try store.apply(key, try yamlObject(request.body), options: options)
        }
        let options = try options(.patch, address, request)
        let patch: JSON
        do throws(APIStatus) {
            patch = try JSON(parsing: request.body)
        } catch {
            throw .badRequest("error decoding patch: \(error.message)")
        }
        switch request.contentType {
        case "application/merge-patch+json":
            return (try store.mergePatch(key, patch, options: options), false)
        case "application/json-patch+json":
            return (try store.jsonPatch(key, patch, options: options), false)
        default:
            return (try store.strategicMergePatch(key, patch, options: options), false)
        }
    }

    private func delete(
        _ address: ResourceAddress,
        _ type: ResourceType,
        _ wanted: Representation,
        _ request: APIRequest
    ) throws(APIStatus) -> APIAnswer {
        var options = try options(.delete, address, request)
        let body = request.body.isEmpty ? JSON.object([:]) : try JSON(parsing: request.body)
        if body["dryRun"]?.array?.isEmpty == false { options.dryRun = true }
        guard address.name != nil else {
            let selection = try ListOptions(query: request.query.items, type: type)
            let page = try store.deleteCollection(
                type,
                namespace: namespace(address),
                options: options,
                selecting: selection
            )
            return try answer(page: page, wanted, request)
        }
        let key = try key(address, type)
        let preconditions = DeletePreconditions(
            uid: body[path: "preconditions", "uid"]?.string,
            resourceVersion: body[path: "preconditions", "resourceVersion"]?.string,
            propagation: body["propagationPolicy"]?.string ?? request.query["propagationPolicy"]
        )
        let result = try store.delete(key, options: options, preconditions: preconditions)
        return .json(result, for: request)
    }

    // MARK: Reading what was sent

    private func options(
        _ verb: WriteOptions.Verb,
        _ address: ResourceAddress,
        _ request: APIRequest
    ) throws(APIStatus) -> WriteOptions {
        try WriteOptions(
            query: request.query.items,
            verb: verb,
            userAgent: request.header("User-Agent"),
            subresource: address.subresource
        )
    }

    private func key(_ address: ResourceAddress, _ type: ResourceType) throws(APIStatus) -> ObjectKey {
        guard let name = address.name else {
            throw type.builtIn ? .methodNotAllowed() : .badRequest("name must be provided")
        }
        return ObjectKey(type, namespace: namespace(address), name: name)
    }

    /// The object in a body, which must name its own kind.
    private func object(in request: APIRequest, of type: ResourceType) throws(APIStatus) -> JSON {
        switch request.contentType {
        case "application/json", "": break
        case "application/yaml": return try yamlObject(request.body)
        default:
            throw .unsupportedMediaType(accepted: ["application/json", "application/yaml"])
        }
        let object = try JSON(parsing: request.body)
        guard object["kind"]?.string?.isEmpty == false else {
            let text = String(decoding: request.body.prefix(2_048), as: UTF8.self)
            throw .badRequest(
                "the object provided is unrecognized (must be of type \(type.kind)): Object 'Kind' is missing in "
                    + "'\(text)' (\(text))"
            )
        }
        return object
    }

    /// JSON is YAML too, and quicker to read as what it is.
    private func yamlObject(_ body: Data) throws(APIStatus) -> JSON {
        if body.first == UInt8(ascii: "{") { return try JSON(parsing: body) }
        do {
            return try JSON.fromYAML(String(decoding: body, as: UTF8.self)).first ?? .object([:])
        } catch {
            throw .badRequest("error decoding YAML: \(error)")
        }
    }
}
