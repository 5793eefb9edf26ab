package import Foundation

/// A failure in the words of the API server: the body of an error answer.
package struct APIStatus: Error, Sendable, Equatable {
    /// The HTTP status.
    package var code: Int
    /// The machine word, such as `NotFound`; empty where a real server gives none.
    package var reason: String
    /// The sentence.
    package var message: String
    /// What failed and why; nil leaves the key out.
    package var details: JSON?
    /// The token for an inconsistent rest, only with an expired continue token.
    package var continueToken: String?

    package init(
        code: Int,
        reason: String,
        message: String,
        details: JSON? = nil,
        continueToken: String? = nil
    ) {
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details
        self.continueToken = continueToken
    }

    /// The Status object.
    package func body() -> JSON {
        var body: [String: JSON] = [
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure",
            "message": .string(message), "code": .int(Int64(code)),
        ]
        if !reason.isEmpty { body["reason"] = .string(reason) }
        if let details { body["details"] = details }
        if let continueToken { body["metadata"] = ["continue": .string(continueToken)] }
        return .object(body)
    }

    /// The Status as the server sends it, in its order of keys; with a line break unless indented.
    package func encoded(pretty: Bool = false) -> Data {
        APIStatus.encode(body(), pretty: pretty)
    }

    /// A Status object, also one of success, as the server sends it.
    package static func encode(_ status: JSON, pretty: Bool = false) -> Data {
        var bytes = status.bytes(pretty: pretty, schema: Schemas.status)
        if !pretty { bytes.append(UInt8(ascii: "\n")) }
        return Data(bytes)
    }

    /// The seconds after which a client may try again.
    package var retryAfter: Int? {
        details?["retryAfterSeconds"]?.int.map(Int.init)
    }
}
