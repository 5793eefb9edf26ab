import CPosix
import Foundation
import Glibc

/// A server on 127.0.0.1 whose every connection is played by a script, on a thread of its own.
final class LoopbackServer: Sendable {
    let port: Int
    private let listener: Int32

    init(_ script: @escaping @Sendable (Peer) -> Void) {
        (listener, port) = Self.bound()
        listen(listener, 512)
        let listener = listener
        Thread.detachNewThread {
            while true {
                let socket = accept(listener, nil, nil)
                guard socket >= 0 else { break }
                Thread.detachNewThread { script(Peer(socket)) }
            }
            close(listener)
        }
    }

    deinit { stop() }

    var url: String { "http://127.0.0.1:\(port)" }

    /// Accepts no more connections; those that are open go on.
    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    /// A port on which nothing listens, kept as long as the body runs.
    static func withClosedPort<Value>(_ body: (Int) async throws -> Value) async rethrows -> Value {
        let (socket, port) = bound()
        defer { close(socket) }
        return try await body(port)
    }

    /// A port that was free a moment ago.
    static func freePort() -> Int {
        let (socket, port) = bound()
        close(socket)
        return port
    }

    private static func bound() -> (socket: Int32, port: Int) {
        let socket = CPosix_open_socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                precondition(bind(socket, generic, length) == 0, "no loopback port")
                getsockname(socket, generic, &length)
            }
            return Int(UInt16(bigEndian: pointer.pointee.sin_port))
        }
        return (socket, port)
    }
}

/// The server's end of a connection; it is closed when the script lets go of it.
final class Peer: Sendable {
    private let socket: Int32

    init(_ socket: Int32) { self.socket = socket }

    deinit { close(socket) }

    /// The head of the next request and the body that it announces; empty when the client closed.
    func readRequest() -> String {
        var text = ""
        while !text.hasSuffix("\r\n\r\n") {
            guard let byte = read(1).first else { return "" }
            text.unicodeScalars.append(Unicode.Scalar(byte))
        }
        let length = text.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.drop { $0 != ":" }.dropFirst().trimmingCharacters(in: .whitespaces)) }
        return text + String(decoding: read(length ?? 0), as: UTF8.self)
    }

    /// As many bytes as asked for, or fewer when the client closed before.
    func read(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: max(1, count))
        while bytes.count < count {
            let got = recv(socket, &buffer, count - bytes.count, 0)
            guard got > 0 else { break }
            bytes.append(contentsOf: buffer.prefix(got))
        }
        return bytes
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return }
            rest = rest.dropFirst(sent)
        }
    }

    /// A complete answer with a length.
    func answer(_ body: String, status: String = "200 OK", headers: [String] = []) {
        let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers
        send(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    /// The head of an answer whose body comes in ``chunk(_:)``s.
    func beginChunks() { send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n") }

    /// The last one is empty.
    func chunk(_ text: String) { send("\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n") }

    /// Closes with a TCP reset instead of an end.
    func reset() {
        var now = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
    }

    /// Returns when the client closed the connection; what it sends meanwhile is dropped.
    func waitForEnd() {
        while !read(1).isEmpty {}
    }
}
