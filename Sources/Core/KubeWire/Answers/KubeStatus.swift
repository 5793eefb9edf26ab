import Chrono
import Kube
import Text

/// What an API server says went wrong, whatever form it came in.
///
/// - Shape: `message` is one harmless sentence of at most 400 characters.
/// - Source: meta/v1 Status; 404 and 429 may be plain text, proxies answer HTML, some errors are protobuf.
package struct KubeStatus: Error, Hashable, Sendable {
    /// The HTTP code, or the code inside a watch's ERROR line.
    package let code: Int
    /// The machine's word, `Expired`; empty where the answer was no Status.
    package let reason: String
    package let message: String
    package let retryAfter: Duration?
    /// The words of `details.causes[].reason`.
    package let causes: [String]
    /// True where the body was a Status: a missing object, not a missing kind.
    package let isStatus: Bool

    package init(
        code: Int,
        reason: String = "",
        message: String,
        retryAfter: Duration? = nil,
        causes: [String] = [],
        isStatus: Bool = true
    ) {
        self.code = code
        self.reason = reason
        self.message = message
        self.retryAfter = retryAfter
        self.causes = causes
        self.isStatus = isStatus
    }

    /// The resourceVersion or the continue token is too old: everything must be listed again.
    package var isExpired: Bool {
        code == 410 || reason == "Expired" || reason == "Gone"
    }

    /// The resourceVersion comes from another life of the cluster.
    package var isFromTheFuture: Bool {
        causes.contains("ResourceVersionTooLarge")
    }

    /// The server does not serve the kind at all.
    package var isUnknownKind: Bool {
        code == 404 && !isStatus
    }

    /// The credentials were not accepted, or were not there: a lost token reads as `system:anonymous`.
    package var isUnauthenticated: Bool {
        code == 401 || (code == 403 && message.contains("system:anonymous"))
    }

    package var isForbidden: Bool {
        code == 403 && !isUnauthenticated
    }
}

extension KubeStatus {
    /// Reads the body of an answer that is no success; any bytes at all give a sentence.
    package static func decode(
        code: Int,
        contentType: String? = nil,
        retryAfter: String? = nil,
        body: [UInt8]
    ) -> KubeStatus {
        let header = retryAfter.flatMap { Int64($0) }.flatMap { (0...86_400).contains($0) ? $0 : nil }
        if let root = body.fields, root.raw("kind") == "Status" {
            return WireStatus(root).status(code: code, retryAfter: header)
        }
        return KubeStatus(
            code: code,
            message: words(code: code, contentType: contentType ?? "", body: body),
            retryAfter: header.map { .seconds($0) },
            isStatus: false
        )
    }

    /// Longest message kept: some servers repeat the whole object or selector in it.
    static let messageLimit = 400

    private static func words(code: Int, contentType: String, body: [UInt8]) -> String {
        let text = String(decoding: body.prefix(4096), as: UTF8.self)
        let isProtobuf = body.starts(with: Array("k8s\u{0}".utf8)) || contentType.contains("protobuf")
        let start = text.drop { $0.isWhitespace }
        guard !isProtobuf, !start.isEmpty else {
            return "the server answered \(code)"
        }
        if contentType.contains("html") || start.hasPrefix("<") {
            let title = Sanitiser.line(String(htmlTitle(text)), limit: 120)
            return title.isEmpty
                ? "something that is no API server answered \(code) with a web page"
                : "something that is no API server answered \(code): \(title)"
        }
        return "the server answered \(code): \(Sanitiser.line(text, limit: 200))"
    }

    private static func htmlTitle(_ text: String) -> Substring {
        guard let open = text.firstRange(of: "<title>"),
            let close = text[open.upperBound...].firstRange(of: "</title>")
        else {
            return ""
        }
        return text[open.upperBound..<close.lowerBound]
    }
}

/// A Status object as it comes, in answers and in ERROR lines of watches.
struct WireStatus {
    private let root: JSONFields

    init(_ root: JSONFields) {
        self.root = root
    }

    /// The status; the code inside wins, as a watch's line has no other.
    func status(code outer: Int, retryAfter header: Int64?) -> KubeStatus {
        let details = root["details"]
        let inner = details.integer("retryAfterSeconds").flatMap { (0...86_400).contains($0) ? $0 : nil }
        let code = root.integer("code").flatMap { (1...999).contains($0) ? Int($0) : nil } ?? outer
        return KubeStatus(
            code: code,
            reason: root.text("reason", limit: 60) ?? "",
            message: root.text("message", limit: KubeStatus.messageLimit) ?? "the server answered \(code)",
            retryAfter: (header ?? inner).map { .seconds($0) },
            causes: details.list("causes", limit: 20).compactMap { $0.text("reason", limit: 80) }
        )
    }
}
