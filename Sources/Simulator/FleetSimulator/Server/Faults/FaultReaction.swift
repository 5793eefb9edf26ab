import Foundation

/// What the faults of a cluster make of one request.
struct FaultReaction: Sendable {
    /// How the answer goes out.
    enum Manner: Sendable, Equatable {
        case whole
        case never
        case headOnly
        case drip(bytesPerSecond: Int)
        case cut(afterBytes: Int, reset: Bool)
    }

    /// Milliseconds before anything happens.
    var delay = 0
    /// The answer that comes in place of the right one.
    var instead: APIAnswer?
    var manner = Manner.whole
    var sendsGoaway = false

    init(_ faults: [Fault], request: APIRequest) {
        for fault in faults {
            switch fault.kind {
            case .slow(let milliseconds): delay += milliseconds
            case .hang: manner = .never
            case .stall: manner = .headOnly
            case .drip(let bytes): manner = .drip(bytesPerSecond: bytes)
            // The lines of a watch are cut when there are lines.
            case .cut(let bytes) where !request.isWatch: manner = .cut(afterBytes: bytes, reset: false)
            case .reset(let bytes) where !request.isWatch: manner = .cut(afterBytes: bytes, reset: true)
            case .goaway: sendsGoaway = true
            default: instead = instead ?? Self.answer(fault.kind, request)
            }
        }
    }

    private static func answer(_ kind: Fault.Kind, _ request: APIRequest) -> APIAnswer? {
        switch kind {
        case .status(let code, let seconds):
            return answer(status: code, retryAfter: seconds, request)
        case .initializing:
            guard request.verb == "list" || request.isWatch else { return nil }
            return .failure(
                APIStatus(
                    code: 429,
                    reason: "TooManyRequests",
                    message: "storage is (re)initializing",
                    details: ["retryAfterSeconds": 1]
                ),
                for: request
            )
        case .gone:
            return gone(request)
        case .garbage:
            let text =
                "{\"kind\":\"List\",\"apiVersion\":\"v1\",\"items\":[{\"metadata\":{\"name\":\"\u{1}\n<<<\n\n{]\n"
            return APIAnswer(status: 200, contentType: "application/json", body: .data(Data(text.utf8)))
        case .html:
            let text =
                "<html><body><h1>502 Bad Gateway</h1>\nThe server is temporarily unable to serve you.\n"
            return APIAnswer(status: 502, contentType: "text/html", body: .data(Data(text.utf8)))
        default:
            return nil
        }
    }

    private static func answer(status code: Int, retryAfter seconds: Int, _ request: APIRequest) -> APIAnswer?
    {
        switch code {
        case 401:
            return .failure(.unauthorized(), for: request)
        case 403:
            let user = UserIdentity(name: "nobody", groups: [])
            return .failure(.forbidden(user: user, request: request), for: request)
        case 404:
            return .pageNotFound
        case 429:
            var answer = APIAnswer.text(429, "Too many requests, please try again later.\n")
            answer.headers.insert(("Retry-After", String(seconds)), at: 0)
            return answer
        case 502, 503, 504:
            var answer = APIAnswer.text(code, code == 503 ? "service unavailable\n" : "upstream failed\n")
            if seconds > 0 { answer.headers.insert(("Retry-After", String(seconds)), at: 0) }
            return answer
        default:
            return .failure(.internalError("Internal error occurred: the storage is not there"), for: request)
        }
    }

    /// Only what needs history is refused: a plain list still works.
    private static func gone(_ request: APIRequest) -> APIAnswer? {
        if request.isWatch {
            guard let version = request.query["resourceVersion"], !version.isEmpty, version != "0" else {
                return nil
            }
            let failure = APIStatus.expired("too old resource version: \(version) (\(version)9)")
            let line = WatchLines.failure(failure)
            return APIAnswer(status: 200, contentType: "application/json", body: .data(line))
        }
        guard request.verb == "list" else { return nil }
        if request.query["continue"]?.isEmpty == false {
            return .failure(
                .expired("The provided continue parameter is too old to display a consistent list result."),
                for: request
            )
        }
        guard request.query["resourceVersionMatch"] == "Exact" else { return nil }
        return .failure(.expired("The resourceVersion for the provided list is too old."), for: request)
    }
}
