import Foundation

/// What the API answers, before it is put on the wire.
struct APIAnswer: Sendable {
    enum Body: Sendable {
        case none
        case data(Data)
        /// A stream of events for as long as both sides like.
        case watch(WatchPlan)
    }

    var status: Int
    var contentType: String?
    /// Further headers; those that every answer has are added when it is sent.
    var headers: [(name: String, value: String)] = []
    var cacheControl = "no-cache, private"
    var body: Body
    /// How long the server thinks before it sends anything, in milliseconds.
    var delay = 0

    init(status: Int, contentType: String?, body: Body) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    /// Plain text, which the server marks so that no browser guesses otherwise.
    static func text(_ status: Int, _ text: String) -> APIAnswer {
        var answer = APIAnswer(
            status: status,
            contentType: "text/plain; charset=utf-8",
            body: .data(Data(text.utf8))
        )
        answer.headers.append(("X-Content-Type-Options", "nosniff"))
        return answer
    }

    /// The answer to a path that nothing serves.
    static var pageNotFound: APIAnswer { text(404, "404 page not found\n") }

    /// A JSON value, indented when the request asks for that.
    static func json(_ value: JSON, status: Int = 200, for request: APIRequest) -> APIAnswer {
        json(text: WireText.encode(value, indented: request.wantsIndentation), status: status, request)
    }

    /// JSON text that is already put together; compact text ends with a line break, as Go's encoder writes it.
    static func json(text: Data, status: Int = 200, _ request: APIRequest) -> APIAnswer {
        var text = text
        if !request.wantsIndentation, text.last != UInt8(ascii: "\n") { text.append(UInt8(ascii: "\n")) }
        return APIAnswer(status: status, contentType: "application/json", body: .data(text))
    }

    /// A failure as the server words it: indented too when the client offered nothing that it could use.
    static func failure(_ failure: APIStatus, for request: APIRequest) -> APIAnswer {
        let accept = request.header("Accept")
        let offersPlain = Representation(accept: accept).map { $0.form == .whole } ?? false
        let offersFallback = offersPlain || MediaRange.list(accept ?? "").contains { $0.isPlainJSON }
        let isIndented = request.wantsIndentation || !offersFallback
        var text = Presentation.encode(failure.body(), pretty: isIndented)
        if !isIndented { text.append(UInt8(ascii: "\n")) }
        var answer = APIAnswer(status: failure.code, contentType: "application/json", body: .data(text))
        if failure.code == 403 || failure.message.contains("without impersonating a user name") {
            answer.headers.append(("X-Content-Type-Options", "nosniff"))
        }
        if let seconds = failure.details?["retryAfterSeconds"]?.int {
            answer.headers.append(("Retry-After", String(seconds)))
        }
        return answer
    }
}

extension MediaRange {
    fileprivate var isPlainJSON: Bool {
        ["application/json", "application/*", "*/*"].contains(type) && parameters["as"] == nil
    }
}
