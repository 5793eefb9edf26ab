import Chrono
import KubeWire
import Wire

/// A complete answer of an API server.
struct KubeAnswer {
    let code: Int
    let contentType: String?
    let retryAfter: String?
    let entityTag: String?
    /// The server's own time, to the second below.
    let date: Timestamp?
    let body: [UInt8]

    init(_ head: ResponseHead, body: [UInt8]) {
        code = head.status
        contentType = head["content-type"]
        retryAfter = head["retry-after"]
        entityTag = head["etag"]
        date = head["date"].flatMap(HTTPDate.parse)
        self.body = body
    }

    var isSuccess: Bool { (200..<300).contains(code) }

    /// What the server says is wrong; only for answers that are no success.
    var status: KubeStatus {
        KubeStatus.decode(code: code, contentType: contentType, retryAfter: retryAfter, body: body)
    }
}

/// Why a request has no answer.
enum LineFailure: Error {
    /// The session may change nothing; nothing was sent.
    case readOnly
    /// There is no connection yet, or it was given up.
    case closed
    case wire(WireFailure)

    /// One sentence for the operator.
    var message: String {
        switch self {
        case .readOnly: "this cluster is opened read-only"
        case .closed: "the connection was given up"
        case .wire(let failure): failure.message
        }
    }
}
