import Foundation
import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOPosix
import NIOSSL
import Synchronization

/// The HTTPS server of one simulated cluster, on a loopback port of its own.
///
/// - Thread: any but its event loop; all its connections live on the one event loop it was given.
final class ClusterServer: Sendable {
    private struct State {
        var listener: (any Channel)?
        var port: Int
        var connections: [ObjectIdentifier: any Channel] = [:]
        var watches: [Int: @Sendable (WatchInterruption) -> Void] = [:]
        var nextWatch = 0
        var backup: ObjectStore.Backup?
        /// Connections that were asked to go elsewhere: a real server says so once.
        var sentAway: Set<ObjectIdentifier> = []
    }

    let api: ClusterAPI
    let keys: ServerKeys
    let flow = FlowMarks()
    let faults = FaultBoard()
    let counters = TrafficCounters()
    private let eventLoop: any EventLoop
    private let state: Mutex<State>

    /// Prepares a server for the port, or for any free one when it is 0; nothing is opened yet.
    init(api: ClusterAPI, keys: ServerKeys, eventLoop: any EventLoop, port: Int) {
        self.api = api
        self.keys = keys
        self.eventLoop = eventLoop
        state = Mutex(State(port: port))
    }

    /// The port; 0 before the first start when any was asked for.
    var port: Int { state.withLock { $0.port } }

    /// Opens the port; a cluster that is down from the start only takes its number.
    func start() throws {
        try listen()
        if faults.has(.down) { stopListening() }
    }

    /// Ends all watches in good order, then closes everything.
    func stop() {
        stopListening()
        interruptWatches(.end)
        let channels = connections
        // The watches' last bytes are written on the loop before this comes to its turn.
        eventLoop.execute {
            for channel in channels { channel.close(promise: nil) }
        }
        for channel in channels { try? channel.closeFuture.wait() }
    }

    // MARK: Faults

    /// Lets the cluster suffer from now on.
    func add(_ fault: Fault) {
        if !fault.isMoment { faults.add(fault) }
        switch fault.kind {
        case .down:
            stopListening()
            for channel in connections { abort(channel, reset: false) }
        case .mute:
            for channel in connections { abort(channel, reset: false) }
        case .gone:
            api.store.compact()
            interruptWatches(.expire)
        case .goaway:
            for channel in connections { sendGoaway(channel) }
        case .http1, .wrongCertificate, .expiredCertificate:
            // They show in the next handshake, so the connections of before must go.
            for channel in connections { channel.close(promise: nil) }
        case .end:
            interruptWatches(.end)
        case .freeze:
            interruptWatches(.freeze)
        case .backup:
            let backup = api.store.backUp()
            state.withLock { $0.backup = backup }
        case .restore:
            guard let backup = state.withLock({ $0.backup }) else { return }
            api.store.restore(backup)
            for channel in connections { abort(channel, reset: false) }
        default:
            break
        }
    }

    /// The headers as they are judged: tokens that were given out anew are taken back to what they stand for.
    func judged(_ headers: HTTPHeaders) -> HTTPHeaders {
        for fault in faults.active {
            guard case .revoked(let number) = fault.kind, let field = headers.first(name: "Authorization")
            else {
                continue
            }
            var judged = headers
            let mark = ".\(number)"
            let token = field.hasSuffix(mark) ? String(field.dropLast(mark.count)) : "Bearer revoked"
            judged.replaceOrAdd(name: "Authorization", value: token)
            return judged
        }
        return headers
    }

    /// How many seconds the server's clock is ahead.
    var skew: Int {
        for fault in faults.active {
            if case .skew(let seconds) = fault.kind { return seconds }
        }
        return 0
    }

    /// Ends all suffering; a cluster that was down listens again on its old port.
    ///
    /// - Errors: those of the socket, when somebody else took the port meanwhile.
    func clearFaults() throws {
        let wasMute = faults.has(.mute)
        faults.clear()
        if wasMute { for channel in connections { abort(channel, reset: false) } }
        try listen()
    }

    /// What the present faults make of a request.
    func reaction(to request: APIRequest) -> FaultReaction {
        var namespace: String?
        var resource: String?
        if case .resource(let address) = request.target {
            (namespace, resource) = (address.namespace, address.resource)
        }
        let struck = faults.strike(RequestClass(request), namespace: namespace, resource: resource)
        return FaultReaction(struck, request: request)
    }

    /// Closes a connection in the middle of what it sends, without a word of TLS.
    func abort(_ connection: any Channel, reset: Bool) {
        connection.eventLoop.execute {
            if reset {
                _ = (connection as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
            }
            if let tls = try? connection.pipeline.syncOperations.context(
                handlerType: NIOSSLServerHandler.self
            ) {
                tls.close(promise: nil)
            } else {
                connection.close(promise: nil)
            }
        }
    }

    /// Asks an HTTP/2 connection to go elsewhere; HTTP/1.1 is asked by a header of the next answer.
    func sendGoaway(_ connection: any Channel) {
        let isNews = state.withLock { $0.sentAway.insert(ObjectIdentifier(connection)).inserted }
        guard isNews else { return }
        connection.eventLoop.execute {
            let pipeline = connection.pipeline.syncOperations
            guard (try? pipeline.handler(type: NIOHTTP2Handler.self)) != nil else { return }
            let payload = HTTP2Frame.FramePayload.goAway(
                lastStreamID: .maxID,
                errorCode: .noError,
                opaqueData: nil
            )
            pipeline.writeAndFlush(
                NIOAny(HTTP2Frame(streamID: .rootStream, payload: payload)),
                promise: nil
            )
        }
    }

    // MARK: What is open

    /// Calls `interrupt` when something happens to watches, until it is unregistered by the number returned.
    func register(watch interrupt: @escaping @Sendable (WatchInterruption) -> Void) -> Int {
        state.withLock { state in
            state.nextWatch += 1
            state.watches[state.nextWatch] = interrupt
            return state.nextWatch
        }
    }

    func unregister(watch number: Int) {
        state.withLock { state in
            state.watches[number] = nil
        }
    }

    func register(connection: any Channel) {
        let id = ObjectIdentifier(connection)
        counters.connectionOpened()
        state.withLock { $0.connections[id] = connection }
        connection.closeFuture.whenComplete { _ in
            self.counters.connectionClosed()
            self.state.withLock { state in
                state.connections[id] = nil
                state.sentAway.remove(id)
            }
        }
    }

    private var connections: [any Channel] { state.withLock { Array($0.connections.values) } }

    private func interruptWatches(_ interruption: WatchInterruption) {
        let interrupts = state.withLock { $0.watches.values.map(\.self) }
        for interrupt in interrupts { interrupt(interruption) }
    }

    // MARK: The port

    private func listen() throws {
        let isListening = state.withLock { $0.listener != nil }
        guard !isListening else { return }
        let listener = try ServerBootstrap(group: eventLoop)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { self.prepare($0) }
            .bind(host: "127.0.0.1", port: port)
            .wait()
        state.withLock { state in
            state.listener = listener
            state.port = listener.localAddress?.port ?? state.port
        }
    }

    private func stopListening() {
        let listener = state.withLock { state in
            defer { state.listener = nil }
            return state.listener
        }
        try? listener?.close().wait()
    }
}
