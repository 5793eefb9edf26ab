import Foundation

/// A TCP port that takes connections and never says anything.
final class SilentListener: Sendable {
    let port: Int
    private let listener: Int32

    struct NoSocket: Error {}

    init() throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let fd = listener
        let isReady = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(fd, generic, size) == 0 && listen(fd, 8) == 0 && getsockname(fd, generic, &size) == 0
            }
        }
        guard isReady else {
            throw NoSocket()
        }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit {
        close(listener)
    }

    /// Returns when somebody is connected and has written something; the connection stays open unanswered.
    func connected() async {
        let listener = listener
        await withCheckedContinuation { (waiting: CheckedContinuation<Void, Never>) in
            // Off the test's own threads, which are as few as the cores.
            DispatchQueue.global().async {
                let connection = accept(listener, nil, nil)
                var byte: UInt8 = 0
                recv(connection, &byte, 1, Int32(MSG_PEEK))
                waiting.resume()
            }
        }
    }
}
