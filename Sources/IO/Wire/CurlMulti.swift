import CCurl
import CPosix
import Dispatch

/// libcurl's multi handle, driven by Dispatch: one queue, no thread, no polling.
///
/// libcurl says which descriptors it waits for and when it wants to be woken; Dispatch watches the former
/// (``DescriptorWatch``), one timer is the latter, and both end in `curl_multi_socket_action`.
/// Everything happens on the queue. A multi handle lives until it is closed: its timer holds it.
///
/// Two rules of libcurl shape the rest:
/// - It must not be called from its own callbacks. What a callback wants done waits in `postponed`; a timer
///   of zero is scheduled like any other.
/// - Callbacks get a raw pointer. It is this object, unretained: the registration ends with
///   `curl_multi_cleanup`, which ``close(then:)`` calls, and until then the timer holds the object.
final class CurlMulti {
    /// What happens to transfers while libcurl works.
    enum Report {
        case ended(UnsafeMutableRawPointer, CURLcode)
        /// libcurl gave up as a whole; the handle is of no more use.
        case broke(CURLMcode)
    }

    private let queue: DispatchQueue
    private let timer: any DispatchSourceTimer
    private let report: (Report) -> Void
    private let giveUp: Duration
    /// Nil once closed.
    private var handle: UnsafeMutableRawPointer?

    private var watches: [curl_socket_t: DescriptorWatch] = [:]
    /// Sockets seen connected and not closed since.
    private var connections: Set<curl_socket_t> = []
    private let watchesOpen = DispatchGroup()

    private var isInsideLibcurl = false
    private var postponed: [() -> Void] = []

    /// Makes a multi handle without connections; callable anywhere, like no other member.
    ///
    /// - Parameters:
    ///   - queue: a serial queue.
    ///   - giveUp: how long bytes sent may stay unacknowledged before a connection counts as dead.
    ///   - report: called on the queue, never from within libcurl.
    init(queue: DispatchQueue, giveUp: Duration, report: @escaping (Report) -> Void) {
        CurlLibrary.start()
        guard let handle = curl_multi_init() else { preconditionFailure("no memory for a multi handle") }
        self.queue = queue
        self.handle = handle
        self.giveUp = giveUp
        self.report = report
        timer = DispatchSource.makeTimerSource(queue: queue)

        let context = Unmanaged.passUnretained(self).toOpaque()
        CCurl_multi_set_long(handle, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX)
        CCurl_multi_set_pointer(handle, CURLMOPT_SOCKETDATA, context)
        CCurl_multi_set_socket_callback(handle) { _, socket, what, context, _ in
            CurlMulti.from(context).libcurlWaits(for: what, on: socket)
        }
        CCurl_multi_set_pointer(handle, CURLMOPT_TIMERDATA, context)
        CCurl_multi_set_timer_callback(handle) { _, milliseconds, context in
            CurlMulti.from(context).libcurlWantsWaking(after: milliseconds)
            return 0
        }
        timer.setEventHandler { self.act(on: CURL_SOCKET_TIMEOUT, []) }
        timer.schedule(deadline: .distantFuture)
        timer.activate()
    }

    /// Connections that are open, idle ones too.
    var openConnections: Int { connections.count }

    /// Starts a transfer, but not from within libcurl: see ``whenOutside(_:)``.
    func add(_ easy: EasyHandle) {
        guard let handle else { return }
        let context = Unmanaged.passUnretained(self).toOpaque()
        easy.set(CURLOPT_OPENSOCKETDATA, pointer: context)
        CCurl_easy_set_open_callback(easy.pointer) { context, _, address in
            CurlMulti.from(context).libcurlOpens(address)
        }
        easy.set(CURLOPT_CLOSESOCKETDATA, pointer: context)
        CCurl_easy_set_close_callback(easy.pointer) { context, socket in
            CurlMulti.from(context).libcurlCloses(socket)
        }
        check(curl_multi_add_handle(handle, easy.pointer))
    }

    /// Stops a transfer, at whatever point it is; one that was never added is left alone.
    func remove(_ easy: EasyHandle) {
        guard let handle else { return }
        check(curl_multi_remove_handle(handle, easy.pointer))
    }

    /// Runs something that calls libcurl: at once, or as soon as the callback under way has returned.
    func whenOutside(_ work: @escaping () -> Void) {
        dispatchPrecondition(condition: .onQueue(queue))
        if isInsideLibcurl { postponed.append(work) } else { work() }
    }

    /// Closes all connections, for good; the transfers must have been removed.
    ///
    /// - Parameter then: called when Dispatch is done with every descriptor.
    func close(then: @escaping () -> Void) {
        if let handle {
            self.handle = nil
            timer.cancel()
            curl_multi_cleanup(handle)
            watches.removeAll()
        }
        watchesOpen.notify(queue: queue) { then() }
    }
}

// MARK: - From Dispatch to libcurl

extension CurlMulti {
    private func act(on socket: curl_socket_t, _ events: SocketEvents) {
        guard let handle else { return }
        var running: Int32 = 0
        isInsideLibcurl = true
        let code = curl_multi_socket_action(handle, socket, events.rawValue, &running)
        isInsideLibcurl = false
        check(code)
        settle()
    }

    /// Does what the callbacks asked for and reports what ended, until neither leads to more.
    private func settle() {
        while true {
            if !postponed.isEmpty {
                postponed.removeFirst()()
            } else if let handle, let (easy, code) = nextEnded(handle) {
                report(.ended(easy, code))
            } else {
                return
            }
        }
    }

    private func nextEnded(_ handle: UnsafeMutableRawPointer) -> (UnsafeMutableRawPointer, CURLcode)? {
        var code = CURLE_OK
        return CCurl_multi_next_ended(handle, &code).map { ($0, code) }
    }

    private func check(_ code: CURLMcode) {
        if code != CURLM_OK { report(.broke(code)) }
    }
}

// MARK: - From libcurl to Dispatch

extension CurlMulti {
    private static func from(_ context: UnsafeMutableRawPointer?) -> CurlMulti {
        guard let context else { preconditionFailure("libcurl gave back no context") }
        // SAFETY: the pointer that `init` and `add` registered; see the type's comment for its lifetime.
        return Unmanaged<CurlMulti>.fromOpaque(context).takeUnretainedValue()
    }

    private func libcurlWantsWaking(after milliseconds: Int) {
        if milliseconds < 0 {
            timer.schedule(deadline: .distantFuture)
        } else {
            timer.schedule(deadline: .now() + .milliseconds(milliseconds))
        }
    }

    /// Returns 0, or -1 to give up.
    private func libcurlWaits(for what: Int32, on socket: curl_socket_t) -> Int32 {
        guard what != CURL_POLL_REMOVE else {
            watches[socket] = nil
            return 0
        }
        guard let watch = watches[socket] ?? newWatch(of: socket) else { return -1 }
        watch.wait(for: SocketEvents(rawValue: what))
        if !connections.contains(socket), watch.isConnected { connections.insert(socket) }
        return 0
    }

    private func newWatch(of socket: curl_socket_t) -> DescriptorWatch? {
        let watch = DescriptorWatch(of: socket, queue: queue, ended: watchesOpen) { [unowned self] events in
            act(on: socket, events)
        }
        watches[socket] = watch
        return watch
    }

    private func libcurlOpens(_ address: UnsafeMutablePointer<curl_sockaddr>?) -> curl_socket_t {
        guard let address = address?.pointee else { return CURL_SOCKET_BAD }
        return CPosix_open_socket(
            address.family,
            address.socktype,
            address.protocol,
            UInt32(clamping: giveUp.milliseconds)
        )
    }

    private func libcurlCloses(_ socket: curl_socket_t) -> Int32 {
        connections.remove(socket)
        return CPosix.close(socket)
    }
}

/// The library as a whole.
enum CurlLibrary {
    private static let started: Void = {
        curl_global_init(Int(CURL_GLOBAL_DEFAULT))
        CCurl_set_goaway_callback { Transfer.libcurlReadsGoaway($0) }
    }()

    /// Prepares libcurl and its TLS library, once in the life of the process.
    static func start() { _ = started }
}
