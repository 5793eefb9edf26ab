import Chrono
import Dispatch
import KubeWire
import Wire

/// The line to one API server: turns requests into exchanges, with credentials, and enforces read-only.
///
/// - Thread: the session's queue.
final class ClusterLine {
    private let queue: DispatchQueue
    private let settings: ClusterSettings
    private var wire: WireSession?
    private var credentials: LoadedCredentials?
    /// Called for every sign of life of the server.
    var heard: () -> Void = {}
    /// Called with how far the server's clock is ahead, for every answer that tells.
    var dated: (Duration) -> Void = { _ in }

    init(queue: DispatchQueue, settings: ClusterSettings) {
        self.queue = queue
        self.settings = settings
    }

    /// True while the line carries no credentials, be it that there are none or that they must not go out.
    var isAnonymous: Bool { credentials?.isAnonymous ?? true }

    /// Uses these from now on; connections made with another certificate are dropped.
    func adopt(_ new: LoadedCredentials) {
        let old = credentials
        credentials = new
        guard let wire else {
            wire = WireSession(queue: queue, settings: new.connection)
            return
        }
        if old?.connection != new.connection {
            wire.reset(settings: new.connection)
        }
    }

    /// Drops all connections, such as after one of them proved dead.
    func dropConnections() {
        wire?.reset()
    }

    func shutdown(then: @escaping () -> Void) {
        guard let wire else {
            then()
            return
        }
        self.wire = nil
        wire.shutdown(then: then)
    }

    /// Sends a request and hands over its whole answer, whatever its status.
    @discardableResult
    func collect(
        _ request: KubeRequest,
        patience: Int = 1,
        onEnd: @escaping (Result<KubeAnswer, LineFailure>) -> Void
    ) -> TransferID? {
        guard !(settings.isReadOnly && request.isMutating) else {
            onEnd(.failure(.readOnly))
            return nil
        }
        guard let wire, let exchange = exchange(request, patience: patience) else {
            onEnd(.failure(.closed))
            return nil
        }
        let sent = Clock.now()
        return wire.collect(exchange) { [weak self] result in
            switch result {
            case .success(let response):
                self?.heard()
                let answer = KubeAnswer(response.head, body: response.body)
                self?.compareClocks(answer, sent: sent)
                onEnd(.success(answer))
            case .failure(let failure):
                onEnd(.failure(failure.kind == .cancelled ? .closed : .wire(failure)))
            }
        }
    }

    /// Opens a watch.
    func stream(_ request: KubeRequest, listener: StreamListener) -> TransferID? {
        guard let wire, let exchange = exchange(request, patience: 1) else {
            listener.onEnd(.failure(.closed))
            return nil
        }
        return wire.start(
            exchange,
            onHead: { [weak self] head in
                self?.heard()
                listener.onHead(head)
            },
            onBody: { [weak self] bytes in
                self?.heard()
                listener.onBody(bytes)
            },
            onEnd: { result in
                switch result {
                case .success: listener.onEnd(.success(()))
                case .failure(let failure):
                    listener.onEnd(.failure(failure.kind == .cancelled ? .closed : .wire(failure)))
                }
            }
        )
    }

    func cancel(_ id: TransferID) {
        wire?.cancel(id)
    }

    /// The server wrote its date somewhere between the request and the end of the answer.
    private func compareClocks(_ answer: KubeAnswer, sent: Timestamp) {
        guard let date = answer.date else {
            return
        }
        let took = Clock.now().since(sent)
        // A slow answer says little, and a clock that was set meanwhile nothing.
        if took >= .zero, took < .seconds(5) {
            dated(date.advanced(by: .milliseconds(500)).since(sent.advanced(by: took / 2)))
        }
    }

    private func exchange(_ request: KubeRequest, patience: Int) -> HTTPExchange? {
        guard case .success(let access) = settings.access, let credentials else {
            return nil
        }
        var headers = request.headers.map { (name: $0.name, value: $0.value) }
        // Over plain HTTP anybody on the way could take the credentials.
        if access.server.isSecure {
            if let authorization = credentials.authorization() {
                headers.append((name: "Authorization", value: authorization.revealed))
            }
            headers += access.impersonation.map { (name: $0.name, value: $0.value) }
        }
        return HTTPExchange(
            method: request.method.rawValue,
            url: access.server.description + request.target,
            headers: headers,
            body: request.body,
            acceptGzip: request.acceptsGzip && !access.disablesCompression,
            streaming: request.isStream,
            timeouts: WireTimeouts(
                connect: settings.connectTimeout,
                total: request.isStream ? nil : settings.requestTimeout * patience
            )
        )
    }
}

/// Who hears of a watch as it goes.
struct StreamListener {
    let onHead: (ResponseHead) -> Void
    let onBody: (UnsafeRawBufferPointer) -> Void
    let onEnd: (Result<Void, LineFailure>) -> Void
}
