extension ObjectStore {
    /// The objects of a kind, of all namespaces or one, as a page of one version of the cluster.
    package func list(
        _ type: ResourceType,
        namespace: String? = nil,
        options: ListOptions = ListOptions()
    ) throws(APIStatus) -> ListPage {
        let token = try options.continueToken.map { text throws(APIStatus) in try ContinueToken(parsing: text)
        }
        let version = try ObjectStore.version(options.resourceVersion, watch: false)
        if token != nil, version != nil {
            throw .badRequest("specifying resource version is not allowed when using continue")
        }
        return try transact { state throws(APIStatus) in
            let shelf = state.shelves[try shelf(type, state)]
            if let version, version > state.revision {
                throw .versionTooLarge(version, current: state.revision)
            }
            let limit = options.limit.flatMap { $0 > 0 && options.resourceVersion != "0" ? $0 : nil }
            var shown = state.revision
            if let token {
                shown = token.version ?? shown
                if shown < shelf.horizon {
                    throw .expired(
                        ObjectStore.expiredToken,
                        continueToken: ContinueToken(version: nil, after: token.after).text(of: type)
                    )
                }
            } else if let version, ObjectStore.wantsExactly(options, limit: limit) {
                shown = version
                if shown < shelf.horizon {
                    throw .expired("The resourceVersion for the provided list is too old.")
                }
            }
            return page(shelf, namespace: namespace, options, limit: limit, at: shown, after: token?.after)
        }
    }

    private static func wantsExactly(_ options: ListOptions, limit: Int?) -> Bool {
        options.resourceVersionMatch == "Exact" || (options.resourceVersionMatch == nil && limit != nil)
    }

    private static let expiredToken =
        "The provided continue parameter is too old to display a consistent list result. You can start a new "
        + "list without the continue parameter, or use the continue token in this response to retrieve the "
        + "remainder of the results. Continuing with the provided token results in an inconsistent list - "
        + "objects that were created, modified, or deleted between the time the first chunk was returned and "
        + "now may show up in the list."

    private func page(
        _ shelf: Shelf,
        namespace: String?,
        _ options: ListOptions,
        limit: Int?,
        at version: UInt64,
        after: String?
    ) -> ListPage {
        let (objects, places) = shelf.snapshot(at: version)
        let prefix = namespace.flatMap { shelf.type.namespaced ? $0 + "/" : nil } ?? ""
        var index = Shelf.lowerBound(of: prefix + (after ?? ""), in: places)
        if let after, places.indices.contains(index), places[index] == prefix + after { index += 1 }
        var page: [StoredObject] = []
        var token: String?
        while index < places.count, places[index].hasPrefix(prefix) {
            if let stored = objects[places[index]], options.admits(stored.json) {
                if let limit, page.count == limit {
                    let last = places[..<index].last { place in objects[place] === page.last } ?? ""
                    token = ContinueToken(version: version, after: String(last.dropFirst(prefix.count)))
                        .text(of: shelf.type)
                    break
                }
                page.append(stored)
            }
            index += 1
        }
        var remaining: Int?
        if token != nil, options.labelSelector == nil, options.fieldSelector == nil {
            remaining = places[index...].prefix { $0.hasPrefix(prefix) }.count
        }
        return ListPage(
            type: shelf.type,
            stored: page,
            resourceVersion: version,
            continueToken: token,
            remaining: remaining
        )
    }
}
