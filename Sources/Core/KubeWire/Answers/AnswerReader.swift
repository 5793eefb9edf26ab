import FoundationEssentials
package import Kube

/// Reads the answers of one cluster about one kind; any bytes give a value or a status.
package struct AnswerReader<Item: WatchedObject>: Sendable {
    private let decoder: JSONDecoder

    package init(cluster: ClusterID, kind: FluxKind? = nil, version: String? = nil) {
        decoder = FluxDecoding(cluster: cluster, kind: kind, version: version).decoder
    }

    /// Reads the body of a list.
    package func page(_ body: [UInt8]) throws(KubeStatus) -> ListPage<Item> {
        do {
            return try decoder.decode(ListPage<Item>.self, from: Data(body))
        } catch {
            throw KubeStatus(code: 0, message: "the server's list cannot be read", isStatus: false)
        }
    }

    /// Reads one line of a watch.
    package func event(_ line: [UInt8]) throws(KubeStatus) -> WatchEvent<Item> {
        do {
            return try decoder.decode(WatchEvent<Item>.self, from: Data(line))
        } catch {
            throw KubeStatus(code: 0, message: "a line of the watch cannot be read", isStatus: false)
        }
    }

    /// Reads the body of a single object; nil where it is none.
    package func object(_ body: [UInt8]) -> Item? {
        try? decoder.decode(Item.self, from: Data(body))
    }
}
