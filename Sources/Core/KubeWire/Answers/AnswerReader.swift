package import Kube

/// Reads the answers of one cluster about one kind; any bytes give a value or a status.
///
/// - Thread: belongs to whoever reads with it: equal texts of all its answers share their memory.
package struct AnswerReader<Item: WatchedObject> {
    private let context: FluxDecoding

    /// - Shape: with a `family`, the ownership of its appliers is read of objects that lost their labels, too.
    package init(
        cluster: ClusterID,
        kind: FluxKind? = nil,
        version: String? = nil,
        readsOwnership: Bool = false,
        family: OwnerFamily? = nil
    ) {
        context = FluxDecoding(
            cluster: cluster,
            kind: kind,
            version: version,
            readsOwnership: readsOwnership,
            family: family
        )
    }

    /// Reads the body of a list.
    package func page(_ body: [UInt8]) throws(KubeStatus) -> ListPage<Item> {
        guard let root = context.root(body), let page = ListPage<Item>(root, in: context) else {
            throw KubeStatus(code: 0, message: "the server's list cannot be read", isStatus: false)
        }
        return page
    }

    /// Reads one line of a watch.
    package func event(_ line: [UInt8]) throws(KubeStatus) -> WatchEvent<Item> {
        guard let root = context.root(line), let event = WatchEvent<Item>(root, in: context) else {
            throw KubeStatus(code: 0, message: "a line of the watch cannot be read", isStatus: false)
        }
        return event
    }

    /// Reads the body of a single object; nil where it is none.
    package func object(_ body: [UInt8]) -> Item? {
        context.root(body).flatMap { Item($0, in: context) }
    }
}
