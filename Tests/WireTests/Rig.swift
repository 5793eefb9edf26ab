import Dispatch
import Wire

/// A session on a queue of its own, for tests that wait.
struct Rig: Sendable {
    let queue: DispatchQueue
    let session: QueueBound<WireSession>

    init(_ settings: ConnectionSettings = .direct) {
        queue = DispatchQueue(label: "weir.test.wire")
        session = QueueBound(WireSession(queue: queue, settings: settings), on: queue)
    }

    /// Runs something with the session, on its queue.
    @discardableResult
    func on<Value: Sendable>(_ work: @escaping @Sendable (WireSession) -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: work(session.value)) }
        }
    }

    /// The whole answer.
    func collect(
        _ exchange: HTTPExchange,
        limit: Int = 1 << 20
    ) async -> Result<CollectedResponse, WireFailure> {
        await withCheckedContinuation { continuation in
            queue.async {
                session.value.collect(exchange, limit: limit) { continuation.resume(returning: $0) }
            }
        }
    }

    /// Several answers, asked for at once.
    func collect(_ exchanges: [HTTPExchange]) async -> [Result<CollectedResponse, WireFailure>] {
        await withTaskGroup(of: (Int, Result<CollectedResponse, WireFailure>).self) { group in
            for (index, exchange) in exchanges.enumerated() {
                group.addTask { (index, await collect(exchange, limit: 1 << 30)) }
            }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    /// The failure of an exchange that must not succeed.
    func failure(_ exchange: HTTPExchange) async -> WireFailure? {
        if case .failure(let failure) = await collect(exchange) { failure } else { nil }
    }

    /// An exchange followed step by step.
    func follow(_ exchange: HTTPExchange) -> Following {
        let (steps, continuation) = AsyncStream.makeStream(of: Step.self)
        queue.async {
            session.value.start(exchange) { head in
                continuation.yield(.head(head.status))
            } onBody: { piece in
                continuation.yield(.body(String(decoding: piece, as: UTF8.self)))
            } onEnd: { result in
                switch result {
                case .success: continuation.yield(.end(nil))
                case .failure(let failure): continuation.yield(.end(failure.kind))
                }
                continuation.finish()
            }
        }
        return Following(steps.makeAsyncIterator())
    }

    /// Closes everything and waits until it is closed.
    func shutdown() async {
        await withCheckedContinuation { continuation in
            queue.async { session.value.shutdown { continuation.resume() } }
        }
    }
}

enum Step: Sendable, Equatable {
    case head(Int)
    case body(String)
    /// Nil is a proper end.
    case end(WireFailure.Kind?)
}

/// The steps of an exchange, in the order in which they came.
final class Following {
    private var iterator: AsyncStream<Step>.AsyncIterator

    init(_ iterator: AsyncStream<Step>.AsyncIterator) { self.iterator = iterator }

    func next() async -> Step? { await iterator.next() }

    /// Body pieces up to a number of bytes; their borders mean nothing.
    func text(_ count: Int) async -> String {
        var text = ""
        while text.utf8.count < count, case .body(let piece) = await next() { text += piece }
        return text
    }

    /// What is left of the body, and how it ended.
    func rest() async -> (text: String, end: Step?) {
        var text = ""
        while let step = await next() {
            guard case .body(let piece) = step else { return (text, step) }
            text += piece
        }
        return (text, nil)
    }
}

extension ConnectionSettings {
    /// What tests use unless they are about settings: no proxy, whatever the environment says.
    static let direct = ConnectionSettings(environment: ProxyEnvironment([:]), userAgent: "weir-tests")
}

extension HTTPExchange {
    static func get(_ url: String) -> HTTPExchange { HTTPExchange(url: url) }

    /// A watch.
    static func stream(_ url: String) -> HTTPExchange { HTTPExchange(url: url, streaming: true) }
}

extension Result where Success == CollectedResponse {
    /// The body as text; nil for a failure.
    var text: String? { (try? get()).map { String(decoding: $0.body, as: UTF8.self) } }
}
