import Foundation
import NIOHTTP1

@testable import FleetSimulator

/// One exchange with a real API server, as it was recorded.
struct ServerWireExchange: Sendable {
    let folder: String
    let method: String
    let uri: String
    let headers: HTTPHeaders
    let requestBody: Data
    let status: Int
    let responseHeaders: HTTPHeaders
    let responseBody: Data

    /// Reads `Tests/Fixtures/wire/FOLDER`.
    init(_ folder: String) throws {
        self.folder = folder
        let directory = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/wire/\(folder)")
        let request = try Data(contentsOf: directory.appending(path: "request.http"))
        let response = try Data(contentsOf: directory.appending(path: "response.head"))
        responseBody = (try? Data(contentsOf: directory.appending(path: "response.body"))) ?? Data()
        let (requestLines, body) = Self.split(request)
        let first = requestLines[0].split(separator: " ").map(String.init)
        method = first[0]
        uri = first[1]
        headers = Self.headers(requestLines)
        requestBody = body
        let (responseLines, _) = Self.split(response)
        status = Int(responseLines[0].split(separator: " ")[1]) ?? 0
        responseHeaders = Self.headers(responseLines)
    }

    /// The request as a simulated server gets it, with the token of its own user.
    ///
    /// Without a token the request keeps what it had; with `uri` it goes somewhere else.
    func request(token: String?, uri: String? = nil, body: Data? = nil) -> APIRequest {
        var headers = headers
        if let token, headers.contains(name: "Authorization") {
            headers.replaceOrAdd(name: "Authorization", value: "Bearer \(token)")
        }
        return APIRequest(
            method: method,
            uri: uri ?? self.uri,
            headers: headers,
            body: body ?? requestBody,
            isBodyTooLarge: (body ?? requestBody).count > APIRequest.bodyLimit
        )
    }

    var json: JSON {
        get throws { try JSON(parsing: responseBody) }
    }

    private static func split(_ data: Data) -> (lines: [String], rest: Data) {
        let separator = Data("\r\n\r\n".utf8)
        let end = data.range(of: separator)
        let head = String(decoding: data[..<(end?.lowerBound ?? data.endIndex)], as: UTF8.self)
        let lines = head.split(separator: "\r\n").map(String.init)
        return (lines, end.map { Data(data[$0.upperBound...]) } ?? Data())
    }

    private static func headers(_ lines: [String]) -> HTTPHeaders {
        HTTPHeaders(
            lines.dropFirst().compactMap { line in
                let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
                guard parts.count == 2 else { return nil }
                return (parts[0], parts[1].trimmingCharacters(in: .whitespaces))
            }
        )
    }
}
