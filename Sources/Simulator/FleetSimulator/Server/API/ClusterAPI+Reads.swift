import Foundation
import Yams

/// Lists, watches and single objects, in the form that the client wants.
extension ClusterAPI {
    func read(_ address: ResourceAddress, _ type: ResourceType, _ request: APIRequest) throws(APIStatus)
        -> APIAnswer
    {
        guard let wanted = Representation(accept: request.header("Accept")) else {
            throw Representation.notAcceptable
        }
        if request.isWatch { return try watch(address, type, wanted, request) }
        guard let name = address.name else { return try list(address, type, wanted, request) }
        let key = ObjectKey(type, namespace: address.objectNamespace, name: name)
        let stored = try store.stored(key, resourceVersion: request.query["resourceVersion"])
        return try answer(object: stored.json, encoded: stored.encoded, type, wanted, request)
    }

    /// One object in the form that the client wants.
    ///
    /// `encoded` is its compact text when that is at hand.
    func answer(
        status: Int = 200,
        object: JSON,
        encoded: Data? = nil,
        _ type: ResourceType,
        _ wanted: Representation,
        _ request: APIRequest
    ) throws(APIStatus) -> APIAnswer {
        switch wanted.form {
        case .whole:
            if wanted.encoding == .json, !request.wantsIndentation, let encoded {
                return .json(text: encoded, status: status, request)
            }
            return render(status, object, wanted, request)
        case .partialMetadata:
            return render(status, Presentation.partialMetadata(object), wanted, request)
        case .partialMetadataList:
            throw .internalError("content is not a list")
        case .table:
            let metadata: JSON = ["resourceVersion": object[path: "metadata", "resourceVersion"] ?? ""]
            let rows = rowObject(request)
            let table = Presentation.table([object], type: type, metadata: metadata, include: rows)
            return render(status, table, wanted, request)
        }
    }

    private func list(
        _ address: ResourceAddress,
        _ type: ResourceType,
        _ wanted: Representation,
        _ request: APIRequest
    ) throws(APIStatus) -> APIAnswer {
        let options = try ListOptions(query: request.query.items, type: type)
        let page = try store.list(type, namespace: address.objectNamespace, options: options)
        return try answer(page: page, wanted, request)
    }

    /// A list in the form that the client wants.
    func answer(page: ListPage, _ wanted: Representation, _ request: APIRequest) throws(APIStatus)
        -> APIAnswer
    {
        switch wanted.form {
        case .whole:
            if wanted.encoding == .json, !request.wantsIndentation {
                return .json(text: page.body(), request)
            }
            return render(200, (try? JSON(parsing: page.body())) ?? .null, wanted, request)
        case .partialMetadataList:
            return render(200, Presentation.partialMetadataList(page), wanted, request)
        case .partialMetadata:
            let kind = page.type.builtIn ? "\(page.type.group.isEmpty ? "core" : page.type.group)." : ""
            let name = page.type.builtIn ? "*\(kind)\(page.type.kind)List" : "*unstructured.UnstructuredList"
            throw APIStatus(
                code: 406,
                reason: "NotAcceptable",
                message: "you requested PartialObjectMetadata, but the requested object is a list (\(name))"
            )
        case .table:
            let table = Presentation.table(
                page.items,
                type: page.type,
                metadata: page.metadata,
                include: rowObject(request)
            )
            return render(200, table, wanted, request)
        }
    }

    private func render(
        _ status: Int,
        _ value: JSON,
        _ wanted: Representation,
        _ request: APIRequest
    ) -> APIAnswer {
        guard wanted.encoding == .yaml else { return .json(value, status: status, for: request) }
        let text =
            (try? Yams.dump(object: value.yamlValue, width: -1, allowUnicode: true, sortKeys: true)) ?? ""
        return APIAnswer(status: status, contentType: "application/yaml", body: .data(Data(text.utf8)))
    }

    private func rowObject(_ request: APIRequest) -> Presentation.RowObject {
        request.query["includeObject"].flatMap(Presentation.RowObject.init) ?? .metadata
    }

    private func watch(
        _ address: ResourceAddress,
        _ type: ResourceType,
        _ wanted: Representation,
        _ request: APIRequest
    ) throws(APIStatus) -> APIAnswer {
        var options = try ListOptions(query: request.query.items, type: type)
        if let name = address.name {
            options.fieldSelector = try FieldSelector(parsing: "metadata.name=\(name)", type: type)
        }
        let feed = WatchFeed()
        let version = store.resourceVersion
        do throws(APIStatus) {
            let ticket = try store.watch(
                type,
                namespace: address.objectNamespace,
                options: options,
                ended: { feed.end() },
                deliver: { feed.deliver($0) }
            )
            feed.hold(ticket)
        } catch {
            guard [410, 504].contains(error.code) else { throw error }
            // History that is gone, or not there yet, is reported inside of a stream that begins well.
            let line = WatchLines.failure(error)
            var answer = APIAnswer(status: 200, contentType: "application/json", body: .data(line))
            if error.code == 504 { answer.delay = 3_000 }
            return answer
        }
        let requested = options.resourceVersion.flatMap(UInt64.init) ?? 0
        let isEvents = type.group.isEmpty && type.plural == "events"
        let plan = WatchPlan(
            feed: feed,
            type: type,
            namespace: address.objectNamespace,
            form: wanted.form,
            rows: rowObject(request),
            seconds: request.query["timeoutSeconds"].flatMap(Int.init).flatMap { $0 > 0 ? $0 : nil },
            // Events of the core group do not go through the watch cache, which is what sends bookmarks.
            sendsBookmarks: options.allowBookmarks && !isEvents,
            startVersion: requested == 0 ? version : requested,
            currentVersion: { [store] in store.resourceVersion }
        )
        return APIAnswer(status: 200, contentType: "application/json", body: .watch(plan))
    }
}

extension JSON {
    /// The value in the types that the YAML writer knows.
    fileprivate var yamlValue: Any {
        switch self {
        case .null: return NSNull()
        case .bool(let truth): return truth
        case .int(let number): return Int(number)
        case .double(let number): return number
        case .string(let text): return text
        case .array(let elements): return elements.map(\.yamlValue)
        case .object(let members): return members.mapValues(\.yamlValue)
        }
    }
}
