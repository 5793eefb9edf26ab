/// A complete answer.
package struct CollectedResponse: Sendable {
    package var head: ResponseHead
    /// Unpacked.
    package var body: [UInt8]
    package var stats: TransferStats
}

extension WireSession {
    /// Starts an exchange and hands over its answer in one piece.
    ///
    /// - Parameters:
    ///   - exchange: what to ask for.
    ///   - limit: bytes of the unpacked body; more ends the exchange with a `tooLarge` failure.
    ///   - onEnd: as with `start`: called once unless the exchange is cancelled.
    /// - Returns: what to cancel it by.
    @discardableResult
    package func collect(
        _ exchange: HTTPExchange,
        limit: Int = 64 * 1024 * 1024,
        onEnd: @escaping (Result<CollectedResponse, WireFailure>) -> Void
    ) -> TransferID {
        let answer = PartialAnswer()
        let id = start(exchange) { head in
            answer.head = head
        } onBody: { [self] piece in
            guard answer.body.count + piece.count <= limit else {
                answer.body = []
                if let id = answer.id {
                    abort(
                        id,
                        WireFailure(kind: .tooLarge, message: "The answer has more than \(limit) bytes.")
                    )
                }
                return
            }
            answer.body.append(contentsOf: piece)
        } onEnd: { result in
            onEnd(
                result.flatMap { stats in
                    guard let head = answer.head else { return .failure(.headless) }
                    return .success(CollectedResponse(head: head, body: answer.body, stats: stats))
                }
            )
        }
        answer.id = id
        return id
    }
}

/// What came of an answer so far.
private final class PartialAnswer {
    var id: TransferID?
    var head: ResponseHead?
    var body: [UInt8] = []
}

extension WireFailure {
    fileprivate static let headless = WireFailure(kind: .other, message: "The answer had no head.")
}
