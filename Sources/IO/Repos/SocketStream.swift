import CGit2
import CPosix
import Git
import Glibc

/// The TCP connections of libgit2's HTTP transport, with an end to every wait.
///
/// libgit2's own stream blocks in `connect` and `recv` without limit and raises SIGPIPE; TLS is laid over this one
/// by libgit2 as over its own.
final class SocketStream {
    private let handle: UnsafeMutablePointer<CGit2_stream>
    private let host: String
    private let port: String
    private let transfer: Transfer
    private var socket: Int32 = -1

    /// Makes libgit2 take this stream for every connection of the process.
    static func register() {
        var registration = git_stream_registration()
        registration.version = GIT_STREAM_VERSION
        registration.`init` = { out, host, port in
            guard let out, let host, let port, let transfer = Transfer.current else {
                return -1
            }
            let stream = SocketStream(host: String(cString: host), port: String(cString: port), transfer)
            stream.handle.pointee.context = Unmanaged.passRetained(stream).toOpaque()
            out.pointee = UnsafeMutableRawPointer(stream.handle).assumingMemoryBound(to: git_stream.self)
            return 0
        }
        git_stream_register(GIT_STREAM_STANDARD, &registration)
    }

    private init(host: String, port: String, _ transfer: Transfer) {
        self.host = host
        self.port = port
        self.transfer = transfer
        handle = .allocate(capacity: 1)
        handle.initialize(to: CGit2_stream())
        handle.pointee.parent.version = GIT_STREAM_VERSION
        handle.pointee.parent.connect = { SocketStream.owner($0)?.connect() ?? -1 }
        handle.pointee.parent.read = { stream, data, length in
            SocketStream.owner(stream)?.read(UnsafeMutableRawBufferPointer(start: data, count: length)) ?? -1
        }
        handle.pointee.parent.write = { stream, data, length, _ in
            SocketStream.owner(stream)?.write(UnsafeRawBufferPointer(start: data, count: length)) ?? -1
        }
        handle.pointee.parent.close = { stream in
            SocketStream.owner(stream)?.closeSocket()
            return 0
        }
        handle.pointee.parent.free = { stream in
            guard let self = SocketStream.owner(stream) else {
                return
            }
            self.closeSocket()
            // Balances the retain of `register`; libgit2 forgets the stream with this call.
            Unmanaged.passUnretained(self).release()
        }
    }

    deinit {
        handle.deinitialize(count: 1)
        handle.deallocate()
    }

    private static func owner(_ stream: UnsafeMutablePointer<git_stream>?) -> SocketStream? {
        guard let stream else {
            return nil
        }
        // SAFETY: only `register` gives this callback table to libgit2, always at the start of a `CGit2_stream`.
        let handle = UnsafeMutableRawPointer(stream).assumingMemoryBound(to: CGit2_stream.self)
        return handle.pointee.context.map { Unmanaged<SocketStream>.fromOpaque($0).takeUnretainedValue() }
    }

    private func connect() -> Int32 {
        closeSocket()
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, port, &hints, &found)
        guard code == 0, let found else {
            let reason = String(cString: gai_strerror(code))
            return refuse(.unreachable, "\(Redaction.clean(host)) cannot be resolved: \(reason).")
        }
        defer { freeaddrinfo(found) }
        var reason = "no address"
        var next: UnsafeMutablePointer<addrinfo>? = found
        while let address = next?.pointee {
            next = address.ai_next
            let flags = Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
            let descriptor = Glibc.socket(address.ai_family, address.ai_socktype | flags, address.ai_protocol)
            guard descriptor >= 0 else {
                continue
            }
            if let problem = connect(descriptor, address) {
                close(descriptor)
                reason = problem
                if transfer.isCancelled || transfer.failure != nil {
                    break
                }
                continue
            }
            socket = descriptor
            return 0
        }
        return refuse(
            .unreachable,
            "\(Redaction.clean(host)):\(Redaction.clean(port)) cannot be reached: \(reason)."
        )
    }

    /// Nil where the connection stands.
    private func connect(_ descriptor: Int32, _ address: addrinfo) -> String? {
        if Glibc.connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 {
            return nil
        }
        guard errno == EINPROGRESS else {
            return String(cString: strerror(errno))
        }
        guard case .ready = transfer.wait(for: descriptor, POLLOUT) else {
            return "no answer"
        }
        var problem: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &problem, &size)
        return problem == 0 ? nil : String(cString: strerror(problem))
    }

    private func read(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        while true {
            let count = recv(socket, buffer.baseAddress, buffer.count, 0)
            if count >= 0 {
                return count
            }
            guard errno == EAGAIN || errno == EINTR else {
                return Int(refuse(nil, "the connection broke: \(String(cString: strerror(errno)))"))
            }
            guard case .ready = transfer.wait(for: socket, POLLIN) else {
                return Int(refuse(nil, "no answer"))
            }
        }
    }

    private func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        while true {
            let count = send(socket, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            if count >= 0 {
                return count
            }
            guard errno == EAGAIN || errno == EINTR else {
                return Int(refuse(nil, "the connection broke: \(String(cString: strerror(errno)))"))
            }
            guard case .ready = transfer.wait(for: socket, POLLOUT) else {
                return Int(refuse(nil, "no answer"))
            }
        }
    }

    private func closeSocket() {
        if socket >= 0 {
            close(socket)
        }
        socket = -1
    }

    private func refuse(_ cause: GitFailure.Cause?, _ message: String) -> Int32 {
        if let cause {
            transfer.fail(cause, message)
        }
        git_error_set_str(Int32(GIT_ERROR_NET.rawValue), message)
        return -1
    }
}
