import CCurl
package import Dispatch

/// The connections to one API server and the exchanges over them.
///
/// - Thread: everything, callbacks too, happens on the queue given to `init`, and traps elsewhere.
/// - Order: `onHead` once, `onBody` as bytes come, `onEnd` once. Callbacks may call the session; `onHead` and
///   `onBody` come from within libcurl, and what they ask for is done when libcurl is done with them.
/// - End: every exchange that was started ends with one `onEnd`, except one that was cancelled by its id.
/// - Connections: with HTTP/2 all exchanges share one, or a few when the server allows it no more streams or asks
///   (GOAWAY) to go elsewhere;
///   with HTTP/1.1 each takes one, and they are kept for the next.
/// - Retries: an exchange whose kept connection turns out to be dead is sent again on a new one before
///   anything of it was told, unless its method changes things.
/// - Lifetime: a session lives until it is shut down, even if nobody holds it.
package final class WireSession {
    private let queue: DispatchQueue
    private var settings: ConnectionSettings
    private var multi: CurlMulti?
    /// Those whose servers asked to go elsewhere: what runs there runs on, and nothing new begins there.
    private var retired: [CurlMulti] = []
    private var transfers: [TransferID: Transfer] = [:]
    private var ids: [UnsafeMutableRawPointer: TransferID] = [:]
    private var gate = ConnectionGate()
    /// Exchanges that could not be started, until they are told so.
    private var refused: [TransferID: (Result<TransferStats, WireFailure>) -> Void] = [:]
    private var lastNumber: UInt64 = 0

    /// Makes a session without connections; callable anywhere, like no other member.
    ///
    /// - Parameters:
    ///   - queue: a serial queue; the caller keeps its work there short.
    ///   - settings: in force until ``reset(settings:)``.
    package init(queue: DispatchQueue, settings: ConnectionSettings) {
        self.queue = queue
        self.settings = settings
        multi = newMulti()
    }

    /// Connections that are open, idle ones too.
    package var openConnections: Int {
        dispatchPrecondition(condition: .onQueue(queue))
        return ([multi].compactMap(\.self) + retired).reduce(0) { $0 + $1.openConnections }
    }

    /// Starts an exchange; no callback comes before this returned.
    ///
    /// - Parameters:
    ///   - exchange: what to ask for.
    ///   - onHead: status and headers; interim answers (1xx) are left out.
    ///   - onBody: a piece of the body, unpacked, cut anywhere; valid during the call.
    ///   - onEnd: success when the answer is complete, whatever its status.
    /// - Returns: what to cancel it by.
    @discardableResult
    package func start(
        _ exchange: HTTPExchange,
        onHead: @escaping (ResponseHead) -> Void,
        onBody: @escaping (UnsafeRawBufferPointer) -> Void,
        onEnd: @escaping (Result<TransferStats, WireFailure>) -> Void
    ) -> TransferID {
        dispatchPrecondition(condition: .onQueue(queue))
        lastNumber += 1
        let id = TransferID(number: lastNumber)
        let listener = Transfer.Listener { [unowned self] in
            admit(gate.sent(id))
        } onSentAway: { [unowned self] in
            sentAway(id)
        } onHead: { [unowned self] head in
            admit(gate.answered(httpVersion: head.httpVersion))
            onHead(head)
        } onBody: {
            onBody($0)
        } onEnd: {
            onEnd($0)
        }
        guard multi != nil else {
            refuse(id, .cancelled, onEnd)
            return id
        }
        do throws(WireFailure) {
            let transfer = try Transfer(exchange, id: id, settings: settings, listener: listener)
            transfers[id] = transfer
            ids[transfer.easy.pointer] = id
            admit(gate.started(id, offersHTTP2: transfer.offersHTTP2))
        } catch {
            refuse(id, error, onEnd)
        }
        return id
    }

    /// Ends an exchange without a word: once this returned, none of its callbacks comes.
    ///
    /// Harmless when the exchange has already ended.
    package func cancel(_ id: TransferID) {
        dispatchPrecondition(condition: .onQueue(queue))
        refused[id] = nil
        guard multi != nil, let transfer = forget(id) else { return }
        transfer.mute()
        if let multi = transfer.multi {
            multi.whenOutside { [self] in
                multi.remove(transfer.easy)
                closeIfDone(multi)
            }
        }
        admit(gate.ended(id))
    }

    /// Drops all connections and goes on with new ones: after a sleep, or with renewed credentials.
    ///
    /// Every exchange under way ends with a `cancelled` failure; what is started from then on, even in an
    /// `onEnd` of these, uses a new connection.
    ///
    /// - Parameter settings: the settings from now on; nil keeps those in force.
    package func reset(settings: ConnectionSettings? = nil) {
        dispatchPrecondition(condition: .onQueue(queue))
        guard multi != nil else { return }
        if let settings { self.settings = settings }
        drop(.cancelled, replacement: newMulti()) {}
    }

    /// Ends every exchange under way with a `cancelled` failure and closes all connections, for good.
    ///
    /// - Parameter then: called on the queue when every descriptor of the session is closed.
    package func shutdown(then: @escaping () -> Void = {}) {
        dispatchPrecondition(condition: .onQueue(queue))
        guard multi != nil else {
            queue.later(then)
            return
        }
        drop(.cancelled, replacement: nil, then: then)
    }
}

extension WireSession {
    /// Ends an exchange early, with a reason that libcurl does not know.
    func abort(_ id: TransferID, _ failure: WireFailure) {
        guard let multi = transfers[id]?.multi ?? multi, let transfer = forget(id) else { return }
        let tellEnd = transfer.mute()
        multi.whenOutside { [self] in
            multi.remove(transfer.easy)
            tellEnd(.failure(failure))
            closeIfDone(multi)
        }
        admit(gate.ended(id))
    }

    /// The connection of an exchange takes nothing new: whatever comes next uses others.
    ///
    /// What did not go out yet never would, so it moves. The exchange itself may have been the first on a connection
    /// that was idle and long given up; it is asked again where that changes nothing.
    private func sentAway(_ id: TransferID) {
        guard let old = multi, transfers[id]?.multi === old else { return }
        retired.append(old)
        multi = newMulti()
        let stranded = transfers.values.filter { transfer in
            let isRepeatable = !transfer.wasSent || (transfer.id == id && transfer.isRead)
            return transfer.multi === old && !transfer.hasHead && isRepeatable
        }
        old.whenOutside { [self] in
            for transfer in stranded where transfers[transfer.id] === transfer && !transfer.hasHead {
                old.remove(transfer.easy)
                admit([transfer.id])
            }
            closeIfDone(old)
        }
    }

    /// A retired handle is closed with the last exchange on it.
    private func closeIfDone(_ multi: CurlMulti) {
        guard let place = retired.firstIndex(where: { $0 === multi }),
            !transfers.values.contains(where: { $0.multi === multi })
        else { return }
        retired.remove(at: place)
        multi.close {}
    }

    /// Lets libcurl have those that the gate let through.
    private func admit(_ admitted: [TransferID]) {
        guard let multi, !admitted.isEmpty else { return }
        multi.whenOutside { [self] in
            for id in admitted {
                // Another one may have taken its place meanwhile.
                if let transfer = transfers[id], let multi = self.multi {
                    transfer.multi = multi
                    multi.add(transfer.easy)
                }
            }
        }
    }

    private func refuse(
        _ id: TransferID,
        _ failure: WireFailure,
        _ onEnd: @escaping (Result<TransferStats, WireFailure>) -> Void
    ) {
        refused[id] = onEnd
        queue.later { [self] in refused.removeValue(forKey: id)?(.failure(failure)) }
    }

    private func newMulti() -> CurlMulti {
        CurlMulti(queue: queue, giveUp: settings.keepAlive.giveUp) { [self] report in
            switch report {
            case .ended(let easy, let code): ended(easy, code)
            case .broke(let code): broke(code)
            }
        }
    }

    private func ended(_ easy: UnsafeMutableRawPointer, _ code: CURLcode) {
        guard let id = ids[easy], let transfer = forget(id) else { return }
        let multi = transfer.multi
        multi?.remove(transfer.easy)
        defer {
            if let multi { closeIfDone(multi) }
        }
        let tellEnd = transfer.mute()
        guard code != CURLE_OK else {
            tellEnd(.success(transfer.stats))
            return admit(gate.ended(id))
        }
        let failure = transfer.failure(code)
        let waiting = gate.waiting(for: id).compactMap { transfers[$0] }
        tellEnd(.failure(failure))
        // Those that waited for a connection that was not made fail with it, except the more patient.
        for other in waiting where other.connectTimeout <= transfer.connectTimeout {
            abort(other.id, failure)
        }
        admit(gate.ended(id))
    }

    private func broke(_ code: CURLMcode) {
        let words = String(cString: curl_multi_strerror(code))
        // Later: this may be told in the middle of `start`.
        queue.later { [self] in
            guard multi != nil else { return }
            drop(WireFailure(kind: .other, message: "libcurl gave up: \(words)."), replacement: newMulti()) {}
        }
    }

    private func drop(_ failure: WireFailure, replacement: CurlMulti?, then: @escaping () -> Void) {
        guard let old = multi else { return }
        let ending = transfers.values.sorted { $0.id.number < $1.id.number }
            .map { ($0, tellEnd: $0.mute()) }
        transfers.removeAll()
        ids.removeAll()
        gate = ConnectionGate()
        multi = replacement
        let all = retired + [old]
        retired = []
        var open = all.count
        for multi in all {
            multi.whenOutside {
                for (transfer, _) in ending where transfer.multi === multi { multi.remove(transfer.easy) }
                multi.close {
                    open -= 1
                    if open == 0 { then() }
                }
            }
        }
        old.whenOutside {
            for (_, tellEnd) in ending { tellEnd(.failure(failure)) }
        }
    }

    private func forget(_ id: TransferID) -> Transfer? {
        guard let transfer = transfers.removeValue(forKey: id) else { return nil }
        ids[transfer.easy.pointer] = nil
        return transfer
    }
}

extension DispatchQueue {
    /// Runs something that belongs to this serial queue after what runs on it now.
    fileprivate func later(_ work: @escaping () -> Void) {
        // SAFETY: only called on this very queue, so nothing leaves it: `async` wants `@Sendable` closures.
        async(execute: DispatchWorkItem(block: work))
    }
}

extension WireFailure {
    fileprivate static let cancelled = WireFailure(kind: .cancelled, message: "The connection was given up.")
}
