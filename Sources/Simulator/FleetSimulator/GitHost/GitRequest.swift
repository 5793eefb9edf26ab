import Foundation
import NIOCore
import NIOHTTP1

/// One request to the Git host, split into what CGI and the rights need.
struct GitRequest: Sendable {
    let method: String
    /// The path without its query, still percent-encoded.
    let path: String
    let query: String
    let headers: HTTPHeaders
    let body: ByteBuffer

    init(head: HTTPRequestHead, body: ByteBuffer) {
        method = head.method.rawValue
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = parts.first.map(String.init) ?? "/"
        query = parts.count > 1 ? String(parts[1]) : ""
        headers = head.headers
        self.body = body
    }

    /// The repository's name and the path inside it; nil for paths outside any repository.
    var target: (repository: String, inside: String)? {
        guard let end = path.range(of: ".git/"), path.hasPrefix("/") else { return nil }
        let name = String(path[path.index(after: path.startIndex)..<end.lowerBound])
        guard !name.isEmpty, !name.contains("/"), !name.hasPrefix("."), !path.contains("..") else {
            return nil
        }
        return (name, String(path[end.upperBound...]))
    }

    /// Whether it is part of a push.
    var isPush: Bool {
        path.hasSuffix("/git-receive-pack") || query.contains("service=git-receive-pack")
    }

    /// The decoded basic credentials, `user:password`; nil when there are none.
    var credentials: String? {
        guard let header = headers.first(name: "authorization"), header.lowercased().hasPrefix("basic ")
        else {
            return nil
        }
        let encoded = header.dropFirst(6).trimmingCharacters(in: .whitespaces)
        return Data(base64Encoded: encoded).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The CGI variables of `git http-backend`.
    func environment(root: String, user: String?) -> [String: String] {
        var variables = [
            "GIT_PROJECT_ROOT": root,
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "HOME": root,
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
            "REQUEST_METHOD": method,
            "PATH_INFO": path.removingPercentEncoding ?? path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": headers.first(name: "content-type") ?? "",
            "CONTENT_LENGTH": String(body.readableBytes),
            "REMOTE_ADDR": "127.0.0.1",
            "SERVER_PROTOCOL": "HTTP/1.1",
        ]
        variables["REMOTE_USER"] = user
        variables["HTTP_CONTENT_ENCODING"] = headers.first(name: "content-encoding")
        variables["HTTP_GIT_PROTOCOL"] = headers.first(name: "git-protocol")
        variables["GIT_PROTOCOL"] = headers.first(name: "git-protocol")
        return variables
    }
}
