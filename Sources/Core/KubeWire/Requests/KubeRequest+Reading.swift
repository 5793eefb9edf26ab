extension KubeRequest {
    /// Objects in one page of a list.
    static let pageSize = 500

    /// The server's version: answers without credentials, and is the cheapest sign of life.
    package static let version = KubeRequest(.get, "/version")

    /// All API groups but the core one, in one answer where the server can (else their names only).
    package static func groups(entityTag: String? = nil) -> KubeRequest {
        KubeRequest(.get, "/apis", accept: MediaType.discovery, acceptsGzip: true, entityTag: entityTag)
    }

    /// The core group, in one answer where the server can (else its versions only).
    package static let coreGroup = KubeRequest(.get, "/api", accept: MediaType.discovery, acceptsGzip: true)

    /// The resources of one group version in the old form; `group` is empty for the core group.
    package static func resources(group: String, version: String) -> KubeRequest {
        KubeRequest(
            .get,
            group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)",
            acceptsGzip: true
        )
    }

    /// One page of a list, the most recent state; `token` continues the list that it came from.
    ///
    /// - Source: with a token neither a resourceVersion nor other parameters may differ from the first page.
    package static func list(
        _ resource: ServedResource,
        namespace: String? = nil,
        labelSelector: String? = nil,
        metadataOnly: Bool = false,
        page token: String? = nil
    ) -> KubeRequest {
        var query = [QueryItem("limit", String(pageSize))]
        query += selector(labelSelector)
        if let token {
            query.append(QueryItem("continue", token))
        }
        return KubeRequest(
            .get,
            resource.path(namespace: namespace),
            query: query,
            accept: metadataOnly ? MediaType.metadataList : MediaType.json,
            acceptsGzip: true
        )
    }

    /// The object of one name as a list of one or none, which the right to list is enough for; metadata only.
    package static func named(_ name: String, _ resource: ServedResource, namespace: String) -> KubeRequest {
        // Names of roles may hold what has a meaning in selectors.
        let escaped = name.map { "\\,=".contains($0) ? "\\\($0)" : String($0) }.joined()
        return KubeRequest(
            .get,
            resource.path(namespace: namespace),
            query: [QueryItem("fieldSelector", "metadata.name=\(escaped)")],
            accept: MediaType.metadataList
        )
    }

    /// The smallest list: it tells the version the server is at, and one object to recognise it by.
    package static func probe(
        _ resource: ServedResource,
        namespace: String? = nil,
        labelSelector: String? = nil
    ) -> KubeRequest {
        KubeRequest(
            .get,
            resource.path(namespace: namespace),
            query: [QueryItem("limit", "1")] + selector(labelSelector),
            accept: MediaType.metadataList
        )
    }

    /// Everything that happens to a kind's objects after a resourceVersion.
    ///
    /// - Units: the server ends the stream in good order after `seconds`.
    package static func watch(
        _ resource: ServedResource,
        namespace: String? = nil,
        labelSelector: String? = nil,
        metadataOnly: Bool = false,
        from resourceVersion: String,
        seconds: Int
    ) -> KubeRequest {
        let query =
            [QueryItem("watch", "1"), QueryItem("allowWatchBookmarks", "true")]
            + selector(labelSelector)
            + [
                QueryItem("resourceVersion", resourceVersion),
                QueryItem("timeoutSeconds", String(seconds)),
            ]
        return KubeRequest(
            .get,
            resource.path(namespace: namespace),
            query: query,
            accept: metadataOnly ? MediaType.metadata : MediaType.json,
            isStream: true
        )
    }

    /// One object, whole or its metadata only.
    package static func get(
        _ resource: ServedResource,
        namespace: String,
        name: String,
        metadataOnly: Bool = false
    ) -> KubeRequest {
        KubeRequest(
            .get,
            resource.path(namespace: namespace, name: name),
            accept: metadataOnly ? MediaType.metadata : MediaType.json,
            acceptsGzip: !metadataOnly
        )
    }

    /// Whether an object is there: the answer has its metadata and nothing else, or is a refusal.
    package static func existence(_ resource: ServedResource, namespace: String, name: String) -> KubeRequest
    {
        KubeRequest(
            .get,
            resource.path(namespace: namespace, name: name),
            accept: MediaType.metadataOnly
        )
    }

    private static func selector(_ labelSelector: String?) -> [QueryItem] {
        labelSelector.map { [QueryItem("labelSelector", $0)] } ?? []
    }
}
