import NIOCore
import NIOHTTP1

/// Answers one request by running `git http-backend` and passing its output on as it comes.
///
/// - Thread: `run` blocks its thread until the answer is written or the client is gone.
struct GitAnswer: Sendable {
    let root: String
    let request: GitRequest
    let channel: any Channel
    let keepAlive: Bool

    func run(rights: (String) -> RepositoryRights) {
        guard let target = request.target else {
            return say(.notFound, "no such repository\n")
        }
        let user: String?
        switch rights(target.repository).verdict(pushing: request.isPush, credentials: request.credentials) {
        case .unauthorized:
            let realm = ("WWW-Authenticate", "Basic realm=\"\(target.repository)\"")
            return say(.unauthorized, "authentication required\n", headers: [realm])
        case .forbidden:
            return say(.forbidden, "you may not do this here\n")
        case .allowed(let name):
            user = name
        }
        do {
            let backend = try ChildProcess(
                arguments: ["git", "http-backend"],
                environment: request.environment(root: root, user: user),
                input: request.body
            )
            try pass(backend)
        } catch {
            say(.internalServerError, "\(error)\n")
        }
    }

    /// Reads the CGI head, then streams the rest.
    private func pass(_ backend: ChildProcess) throws {
        defer { backend.finish() }
        var head = ByteBuffer()
        var rest = ByteBuffer()
        var parsed: HTTPResponseHead?
        while parsed == nil, let chunk = backend.read() {
            head.writeImmutableBuffer(chunk)
            guard let end = Self.endOfHead(head) else { continue }
            let text = head.readString(length: end) ?? ""
            parsed = Self.head(from: text)
            rest = head
        }
        guard var parsed else {
            return say(.internalServerError, "git http-backend said nothing\n")
        }
        if !keepAlive { parsed.headers.replaceOrAdd(name: "Connection", value: "close") }
        try write(.head(parsed))
        if rest.readableBytes > 0 { try write(.body(.byteBuffer(rest))) }
        while let chunk = backend.read() {
            try write(.body(.byteBuffer(chunk)))
        }
        finish()
    }

    private func say(
        _ status: HTTPResponseStatus,
        _ text: String,
        headers extra: [(String, String)] = []
    ) {
        var head = HTTPResponseHead(version: .http1_1, status: status)
        head.headers.add(name: "Content-Type", value: "text/plain")
        head.headers.add(name: "Content-Length", value: String(text.utf8.count))
        for (name, value) in extra { head.headers.add(name: name, value: value) }
        if !keepAlive { head.headers.add(name: "Connection", value: "close") }
        channel.write(HTTPServerResponsePart.head(head), promise: nil)
        channel.write(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: text))), promise: nil)
        finish()
    }

    /// Waits for each part, so that a slow reader holds back Git instead of filling memory.
    private func write(_ part: HTTPServerResponsePart) throws {
        try channel.writeAndFlush(part).wait()
    }

    private func finish() {
        let written = channel.writeAndFlush(HTTPServerResponsePart.end(nil))
        guard !keepAlive else { return }
        written.whenComplete { [channel] _ in channel.close(promise: nil) }
    }

    /// The length of the CGI head with its empty line; nil while it is incomplete.
    private static func endOfHead(_ buffer: ByteBuffer) -> Int? {
        let bytes = buffer.readableBytesView
        let mark = Array("\r\n\r\n".utf8)
        guard bytes.count >= mark.count else { return nil }
        var position = bytes.startIndex
        while position + mark.count <= bytes.endIndex {
            if bytes[position..<position + mark.count].elementsEqual(mark) {
                return position + mark.count - bytes.startIndex
            }
            position += 1
        }
        return nil
    }

    /// Turns CGI header lines into a response head; a `Status` line sets the code.
    private static func head(from text: String) -> HTTPResponseHead {
        var head = HTTPResponseHead(version: .http1_1, status: .ok)
        for line in text.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let value = String(parts[1].drop { $0 == " " })
            if parts[0].lowercased() == "status" {
                head.status = HTTPResponseStatus(
                    statusCode: value.split(separator: " ").first.flatMap { Int($0) } ?? 500
                )
            } else {
                head.headers.add(name: String(parts[0]), value: value)
            }
        }
        return head
    }
}
