extension ServerAddress {
    /// Reads the `server` of a cluster entry; the reason in words where it cannot be used.
    ///
    /// - Shape: without a scheme it counts as `http://`, as in kubectl. Users in the address are dropped.
    static func parse(_ text: String) -> Result<ServerAddress, AddressFault> {
        guard !text.isEmpty else {
            return .failure(AddressFault("is missing: expected the API server's address, https://HOST:PORT"))
        }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            return .failure(AddressFault("holds a space or a control character"))
        }
        var rest = text[...]
        var isSecure = false
        if let scheme = text.firstRange(of: "://") {
            switch text[..<scheme.lowerBound].lowercased() {
            case "https": isSecure = true
            case "http": isSecure = false
            case let other: return .failure(AddressFault("has the scheme \"\(other)\": expected https"))
            }
            rest = text[scheme.upperBound...]
        }
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        var authority = rest[..<end]
        if let at = authority.lastIndex(of: "@") {
            authority = authority[authority.index(after: at)...]
        }
        let tail = rest[end...]
        let path = tail.prefix { $0 != "?" && $0 != "#" }
        guard let (host, port) = split(authority) else {
            return .failure(AddressFault("is no address: expected https://HOST:PORT"))
        }
        return .success(
            ServerAddress(isSecure: isSecure, host: host, port: port, path: trimmed(path))
        )
    }

    private static func split(_ authority: Substring) -> (host: String, port: Int?)? {
        var host = authority
        var portText: Substring?
        if authority.hasPrefix("[") {
            guard let close = authority.firstIndex(of: "]") else {
                return nil
            }
            host = authority[authority.index(after: authority.startIndex)..<close]
            let after = authority[authority.index(after: close)...]
            guard after.isEmpty || after.hasPrefix(":") else {
                return nil
            }
            portText = after.isEmpty ? nil : after.dropFirst()
        } else if let colon = authority.lastIndex(of: ":") {
            host = authority[..<colon]
            portText = authority[authority.index(after: colon)...]
            guard !host.contains(":") else {
                return nil
            }
        }
        guard !host.isEmpty, !host.contains(where: { "[]\\\"<>^`{|}".contains($0) }) else {
            return nil
        }
        guard let portText, !portText.isEmpty else {
            return (String(host), nil)
        }
        guard portText.utf8.allSatisfy({ (48...57).contains($0) }), let port = Int(portText),
            (1...65_535).contains(port)
        else {
            return nil
        }
        return (String(host), port)
    }

    /// Slashes doubled or at the end would make paths that no server knows.
    private static func trimmed(_ path: Substring) -> String {
        path.split(separator: "/").map { "/" + $0 }.joined()
    }
}

/// Why an address cannot be used, as the rest of a sentence.
struct AddressFault: Error, Equatable {
    let words: String

    init(_ words: String) {
        self.words = words
    }
}
