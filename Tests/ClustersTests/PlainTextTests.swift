import Clusters
import Foundation
import Kube
import KubeWire
import Testing

/// Hears what is asked in plain HTTP, and answers everything with a 404.
private final class Eavesdropper: @unchecked Sendable {
    // SAFETY: what was heard is behind the lock, the rest is set once.
    private let lock = NSLock()
    private var heard: [String] = []
    private let listener: Int32
    let port: Int

    init() throws {
        let door = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        listener = door
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(door, address, length) == 0 && listen(door, 16) == 0
                    && getsockname(door, address, &length) == 0
            }
        }
        guard bound else {
            throw CocoaError(.coderInvalidValue)
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [self] in
            while true {
                let connection = accept(door, nil, nil)
                guard connection >= 0 else {
                    return
                }
                Thread.detachNewThread { [self] in serve(connection) }
            }
        }
    }

    func close() {
        shutdown(listener, Int32(SHUT_RDWR))
        Foundation.close(listener)
    }

    var requests: [String] { lock.withLock { heard } }

    private func serve(_ connection: Int32) {
        defer { Foundation.close(connection) }
        var buffer = [UInt8](repeating: 0, count: 8192)
        var text = ""
        while true {
            let count = read(connection, &buffer, buffer.count)
            guard count > 0 else {
                return
            }
            text += String(decoding: buffer.prefix(count), as: UTF8.self)
            while let end = text.range(of: "\r\n\r\n") {
                let head = String(text[..<end.lowerBound])
                lock.withLock { heard.append(head) }
                text = String(text[end.upperBound...])
                let answer = "HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nno\n"
                _ = write(connection, answer, answer.utf8.count)
            }
        }
    }
}

@Suite(.timeLimit(.minutes(1)))
struct PlainTextTests {
    @Test(arguments: [
        Credentials(bearer: .token(Secret("treasure"))),
        Credentials(basic: BasicLogin(user: "jane", password: Secret("treasure"))),
        Credentials(exec: ExecSpec(apiVersion: "v1", command: "treasure", interaction: .never)),
    ])
    func `over plain http nothing secret is sent, and the row says so`(credentials: Credentials) async throws
    {
        let server = try Eavesdropper()
        defer { server.close() }
        let access = ClusterAccess(
            server: ServerAddress(
                isSecure: false,
                host: "127.0.0.1",
                port: server.port,
                path: "/k8s/clusters/c-1"
            ),
            disablesCompression: true,
            credentials: credentials,
            impersonation: [HeaderField("Impersonate-User", "treasure")]
        )
        let settings = ClusterSettings(id: ClusterID("plain"), access: .success(access))
        let plugins = ExecPlugins { _, _ in
            Issue.record("the plugin was run")
            return .failure(ExecFault("no"))
        }
        try await withSession(settings, plugins: plugins) { (_, board) async throws in
            let snapshot = try await board.wait { $0.link.problem != nil }
            #expect(snapshot.notes == ["plain http: the credentials of the kubeconfig are not sent"])
        }
        let requests = server.requests
        #expect(!requests.isEmpty)
        for request in requests {
            #expect(request.hasPrefix("GET /k8s/clusters/c-1/"))
            #expect(!request.contains("treasure") && !request.contains("Authorization"))
            #expect(!request.lowercased().contains("accept-encoding"))
        }
    }
}
