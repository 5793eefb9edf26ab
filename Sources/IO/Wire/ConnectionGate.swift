/// Decides when exchanges may go to libcurl, so that they share connections instead of racing to make them.
///
/// While one exchange has no connection yet, the others wait; HTTP/2 then carries them all over the connection
/// that it got. libcurl can wait too (`CURLOPT_PIPEWAIT`), but without timeouts, trying a dead server once for
/// each that waits, and not for a second connection when the first has all the streams it may have.
///
/// Every input returns what may go now.
struct ConnectionGate {
    private var connecting: TransferID?
    private var queue: [TransferID] = []
    /// Whether the last answer came over HTTP/1, where nothing is shared and waiting is in vain.
    private var isOpen = false

    mutating func started(_ id: TransferID, offersHTTP2: Bool) -> [TransferID] {
        guard offersHTTP2, !isOpen else { return [id] }
        queue.append(id)
        return next()
    }

    /// The exchange has a connection, old or new.
    mutating func sent(_ id: TransferID) -> [TransferID] { ended(id) }

    mutating func answered(httpVersion: String) -> [TransferID] {
        isOpen = httpVersion.hasPrefix("1")
        guard isOpen else { return [] }
        defer { queue = [] }
        return queue
    }

    /// The exchange failed, was cancelled or is complete.
    mutating func ended(_ id: TransferID) -> [TransferID] {
        queue.removeAll { $0 == id }
        if connecting == id { connecting = nil }
        return next()
    }

    /// Those that wait for the connection of this exchange.
    func waiting(for id: TransferID) -> [TransferID] { connecting == id ? queue : [] }

    private mutating func next() -> [TransferID] {
        guard connecting == nil, !queue.isEmpty else { return [] }
        let id = queue.removeFirst()
        connecting = id
        return [id]
    }
}
