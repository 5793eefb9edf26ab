import Foundation

/// Where a list goes on: the version of its first page and the place after which the next page begins.
struct ContinueToken: Equatable {
    /// The version of the first page; nil for an inconsistent rest as of now.
    let version: UInt64?
    /// The last place of the page before, relative to the list's namespace.
    let after: String

    init(version: UInt64?, after: String) {
        self.version = version
        self.after = after
    }

    /// Reads a token; throws the 400 of a real server for other texts.
    init(parsing text: String) throws(APIStatus) {
        let failure = "invalid continue token: continue key is not valid: "
        var padded = text.replacing("-", with: "+").replacing("_", with: "/")
        padded += String(repeating: "=", count: (4 - padded.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: padded) else {
            throw .badRequest(failure + "illegal base64 data at input byte 0")
        }
        let json = try JSON(parsing: data, context: failure)
        guard json["v"]?.string == "meta.k8s.io/v1" else {
            throw .badRequest(failure + "server does not recognize this encoded version")
        }
        guard let version = json["rv"]?.int, let start = json["start"]?.string, !start.isEmpty else {
            throw .badRequest(failure + "incorrect encoded start resourceVersion (version meta.k8s.io/v1)")
        }
        self.version = version > 0 ? UInt64(version) : nil
        var after = start[...]
        if after.first == "/" { after.removeFirst() }
        if after.last == "\0" { after.removeLast() }
        self.after = String(after)
    }

    /// The token as clients get it; events, which have no watch cache, leave out the first slash.
    func text(of type: ResourceType) -> String {
        let slash = type.plural == "events" && type.group.isEmpty ? "" : "/"
        let version = version.map(String.init) ?? "-1"
        let json = "{\"v\":\"meta.k8s.io/v1\",\"rv\":\(version),\"start\":\"\(slash)\(after)\\u0000\"}"
        return Data(json.utf8).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
