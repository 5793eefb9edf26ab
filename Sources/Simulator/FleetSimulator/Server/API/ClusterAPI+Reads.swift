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
        if address.subresource == "scale" {
            let version = request.query["resourceVersion"]
            return render(try store.get(key, resourceVersion: version, subresource: "scale"), wanted, request)
        }
        let stored = try store.stored(key, resourceVersion: request.query["resourceVersion"])
        return try answer(stored, wanted, request)
    }

    /// One object in the form that the client wants.
    func answer(
        status: Int = 200,
        _ object: StoredObject,
        _ wanted: Representation,
        _ request: APIRequest
    ) throws(APIStatus) -> APIAnswer {
        let isCompact = wanted.encoding == .json && !request.wantsIndentation
        switch wanted.form {
        case .whole:
            if isCompact { return .json(text: object.encoded, status: status, request) }
            return render(object.json, schema: schema(object.type), status: status, wanted, request)
        case .partialMetadata:
            if isCompact { return .json(text: object.encodedMetadata, status: status, request) }
            return render(Presentation.partialMetadata(object.json), status: status, wanted, request)
        case .partialMetadataList:
            throw .internalError("content is not a list")
        case .table:
            let rows = rowObject(request)
            let table = Presentation.table(
                [object.json],
                type: object.type,
                metadata: ["resourceVersion": object.json[path: "metadata", "resourceVersion"] ?? ""],
                include: rows
            )
            return render(table, rows: rows, status: status, wanted, request)
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
        return try answer(page, wanted, request)
    }

    /// A list in the form that the client wants.
    func answer(_ page: ListPage, _ wanted: Representation, _ request: APIRequest) throws(APIStatus)
        -> APIAnswer
    {
        let isCompact = wanted.encoding == .json && !request.wantsIndentation
        switch wanted.form {
        case .whole:
            if isCompact { return .json(text: page.body(), request) }
            return render(page.json, wanted, request)
        case .partialMetadataList:
            if isCompact { return .json(text: page.metadataBody(), request) }
            return render(Presentation.partialMetadataList(page), wanted, request)
        case .partialMetadata:
            let group = page.type.group.split(separator: ".").first.map(String.init) ?? "core"
            let name = page.type.builtIn ? "\(group).\(page.type.kind)List" : "unstructured.UnstructuredList"
            throw APIStatus(
                code: 406,
                reason: "NotAcceptable",
                message: "you requested PartialObjectMetadata, but the requested object is a list (*\(name))"
            )
        case .table:
            let rows = rowObject(request)
            return render(Presentation.table(page, include: rows), rows: rows, wanted, request)
        }
    }

    /// A value that has no text yet, in JSON or YAML.
    func render(
        _ value: JSON,
        schema: Schema? = nil,
        rows: Presentation.RowObject = .metadata,
        status: Int = 200,
        _ wanted: Representation,
        _ request: APIRequest
    ) -> APIAnswer {
        guard wanted.encoding == .json else {
            let text =
                (try? Yams.dump(object: value.yamlValue, width: -1, allowUnicode: true, sortKeys: true)) ?? ""
            return APIAnswer(status: status, contentType: "application/yaml", body: .data(Data(text.utf8)))
        }
        let isIndented = request.wantsIndentation
        let text =
            schema.map { Data(value.bytes(pretty: isIndented, schema: $0)) }
            ?? Presentation.encode(value, include: rows, pretty: isIndented)
        return .json(text: text, status: status, request)
    }

    /// Built-in kinds have an order of their own on the wire.
    private func schema(_ type: ResourceType) -> Schema? {
        type.builtIn ? Schemas.schema(of: type) : nil
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
            // History that is gone, or not there yet, is reported inside of a stream that begins well.
            guard [410, 504].contains(error.code) else { throw error }
            let line = WatchLines.failure(error)
            var answer = APIAnswer(status: 200, contentType: "application/json", body: .data(line))
            if error.code == 504 { answer.delay = Self.patienceWithTheFuture }
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
