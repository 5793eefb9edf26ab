/// Status and headers of an answer, known before its body.
package struct ResponseHead: Sendable {
    package var status: Int
    /// Headers as they came, names in lower case; bytes that are not UTF-8 are replaced.
    package var headers: [(name: String, value: String)]
    /// `1.0`, `1.1` or `2`.
    package var httpVersion: String

    package init(status: Int, headers: [(name: String, value: String)] = [], httpVersion: String = "1.1") {
        self.status = status
        self.headers = headers
        self.httpVersion = httpVersion
    }

    /// The first value of a header, by its name in lower case.
    package subscript(name: String) -> String? {
        headers.first { $0.name == name }?.value
    }
}

/// Puts heads together from the lines that libcurl hands over one by one.
struct HeadReader {
    /// More than any API server sends; a head beyond it is refused, lest it fill the memory.
    static let limit = 128 * 1024

    private var head: ResponseHead?
    private var size = 0

    /// Whether the head in hand grew beyond ``limit``.
    private(set) var isTooLarge = false

    /// Takes one line and returns the head when the line was its last.
    ///
    /// Heads of interim answers (1xx) are swallowed, and so are the trailers that may follow a body.
    mutating func read(_ line: UnsafeRawBufferPointer) -> ResponseHead? {
        size += line.count
        guard size <= Self.limit else {
            isTooLarge = true
            return nil
        }
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            head = Self.statusLine(text)
            size = line.count
            return nil
        }
        if let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) {
            let name = Self.trimmed(text[..<colon]).lowercased()
            head?.headers.append((name, Self.trimmed(text[text.index(after: colon)...])))
            return nil
        }
        guard Self.trimmed(text[...]).isEmpty else { return nil }
        defer { head = nil }
        return head.flatMap { (100..<200).contains($0.status) ? nil : $0 }
    }

    private static func statusLine(_ text: String) -> ResponseHead? {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count >= 2, let status = Int(words[1]) else { return nil }
        return ResponseHead(status: status, httpVersion: String(words[0].dropFirst("HTTP/".count)))
    }

    private static func trimmed(_ text: Substring) -> String {
        let isBlank = { (byte: UInt8) in byte <= UInt8(ascii: " ") }
        let bytes = text.utf8
        guard let first = bytes.firstIndex(where: { !isBlank($0) }),
            let last = bytes.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(decoding: bytes[first...last], as: UTF8.self)
    }
}
