import CPosix
import Foundation
import Glibc
import Synchronization

/// A proxy on 127.0.0.1 that tunnels to wherever it is asked: by CONNECT, or by SOCKS 5.
///
/// - Thread: any; each connection has threads of its own.
package final class TunnelProxy: Sendable {
    private struct State {
        var asked: [String] = []
        var heads: [String] = []
        var refusal: String?
        var sockets: Set<Int32> = []
        var isAway = false
    }

    package let port: Int
    private let listener: Int32
    private let state = Mutex(State())

    package init() {
        listener = CPosix_open_socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0, 0)
        port = TunnelProxy.bind(listener)
        listen(listener, 64)
        let listener = listener
        Thread.detachNewThread { [weak self] in
            while true {
                let socket = accept(listener, nil, nil)
                guard socket >= 0 else {
                    break
                }
                guard let self else {
                    close(socket)
                    break
                }
                Thread.detachNewThread { self.serve(socket) }
            }
            close(listener)
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// Where tunnels were asked to, `127.0.0.1:6443`, in their order.
    package var asked: [String] { state.withLock { $0.asked } }

    /// The heads of CONNECT requests, as they came.
    package var heads: [String] { state.withLock { $0.heads } }

    /// Answers every CONNECT with this status from now on, `407 Proxy Authentication Required`; nil tunnels again.
    package func refuse(_ status: String?) {
        state.withLock { $0.refusal = status }
    }

    /// Breaks every tunnel and hangs up on whoever comes, or takes them again.
    package func goAway(_ isAway: Bool) {
        let open = state.withLock { state in
            state.isAway = isAway
            return isAway ? state.sockets : []
        }
        for socket in open {
            shutdown(socket, Int32(SHUT_RDWR))
        }
    }

    // MARK: - One connection

    private func serve(_ socket: Int32) {
        let isAway = state.withLock { state in
            state.sockets.insert(socket)
            return state.isAway
        }
        defer {
            _ = state.withLock { $0.sockets.remove(socket) }
            close(socket)
        }
        guard !isAway, let first = TunnelProxy.read(socket, 1).first else {
            return
        }
        guard let target = first == 5 ? socks(socket) : connect(socket, first) else {
            return
        }
        state.withLock { $0.asked.append("\(target.host):\(target.port)") }
        tunnel(
            socket,
            target,
            accepted: first == 5 ? [5, 0, 0, 1, 127, 0, 0, 1, 0, 80] : Array("HTTP/1.1 200 OK\r\n\r\n".utf8)
        )
    }

    private struct Target {
        let host: String
        let port: UInt16
    }

    private func connect(_ socket: Int32, _ first: UInt8) -> Target? {
        var head = [first]
        while !head.ends(with: "\r\n\r\n".utf8) {
            guard let byte = TunnelProxy.read(socket, 1).first else {
                return nil
            }
            head.append(byte)
        }
        let text = String(decoding: head, as: UTF8.self)
        let refusal = state.withLock { state in
            state.heads.append(text)
            return state.refusal
        }
        if let refusal {
            TunnelProxy.write(socket, Array("HTTP/1.1 \(refusal)\r\nContent-Length: 0\r\n\r\n".utf8))
            return nil
        }
        let words = text.split(separator: " ")
        guard words.first == "CONNECT", words.count > 1, let colon = words[1].lastIndex(of: ":"),
            let port = UInt16(words[1][words[1].index(after: colon)...])
        else {
            return nil
        }
        return Target(host: String(words[1][..<colon]), port: port)
    }

    /// Without authentication; names and IPv4 addresses.
    private func socks(_ socket: Int32) -> Target? {
        let count = TunnelProxy.read(socket, 1).first ?? 0
        _ = TunnelProxy.read(socket, Int(count))
        TunnelProxy.write(socket, [5, 0])
        let request = TunnelProxy.read(socket, 4)
        guard request.count == 4 else {
            return nil
        }
        let host: String
        if request[3] == 1 {
            host = TunnelProxy.read(socket, 4).map(String.init).joined(separator: ".")
        } else {
            let length = TunnelProxy.read(socket, 1).first ?? 0
            host = String(decoding: TunnelProxy.read(socket, Int(length)), as: UTF8.self)
        }
        let port = TunnelProxy.read(socket, 2).reduce(UInt16(0)) { $0 << 8 | UInt16($1) }
        return Target(host: host, port: port)
    }

    /// Everything goes to loopback, whatever the host is called.
    private func tunnel(_ socket: Int32, _ target: Target, accepted: [UInt8]) {
        let other = CPosix_open_socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0, 0)
        var address = TunnelProxy.loopback(port: target.port)
        let isOpen = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(other, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isOpen else {
            close(other)
            return
        }
        TunnelProxy.write(socket, accepted)
        let back = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            TunnelProxy.pump(from: other, to: socket)
            back.signal()
        }
        TunnelProxy.pump(from: socket, to: other)
        back.wait()
        close(other)
    }

    // MARK: - Sockets

    private static func pump(from: Int32, to: Int32) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(from, &buffer, buffer.count, 0)
            guard count > 0, write(to, buffer[..<count]) else {
                break
            }
        }
        shutdown(to, Int32(SHUT_WR))
    }

    @discardableResult
    private static func write(_ socket: Int32, _ bytes: some Collection<UInt8>) -> Bool {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else {
                return false
            }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    private static func read(_ socket: Int32, _ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: max(1, count))
        while bytes.count < count {
            let got = recv(socket, &buffer, count - bytes.count, 0)
            guard got > 0 else {
                break
            }
            bytes += buffer.prefix(got)
        }
        return bytes
    }

    private static func loopback(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private static func bind(_ socket: Int32) -> Int {
        var address = loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                precondition(Glibc.bind(socket, generic, length) == 0, "no loopback port")
                getsockname(socket, generic, &length)
            }
            return Int(UInt16(bigEndian: pointer.pointee.sin_port))
        }
    }
}

extension Array where Element == UInt8 {
    fileprivate func ends(with suffix: String.UTF8View) -> Bool {
        count >= suffix.count && self[(count - suffix.count)...].elementsEqual(suffix)
    }
}
