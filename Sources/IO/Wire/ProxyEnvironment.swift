import CPosix
import FoundationEssentials

/// The proxies that environment variables ask for, chosen as kubectl (that is, Go) chooses them.
///
/// libcurl reads the environment too, but not alike: it knows `ALL_PROXY`, ignores `HTTP_PROXY`, sends
/// loopback addresses to the proxy, and takes a leading dot of `NO_PROXY` another way. So it is not asked.
///
/// - Source: golang.org/x/net/http/httpproxy
package struct ProxyEnvironment: Sendable, Equatable {
    private let httpsProxy: String?
    private let httpProxy: String?
    private let exceptions: [Exception]

    /// What the environment of this process asked for when it was first needed.
    package static let process = ProxyEnvironment(ProcessInfo.processInfo.environment)

    /// Takes what it knows out of the variables; names in capitals win over the same in small letters.
    package init(_ variables: [String: String]) {
        func value(_ name: String) -> String? {
            [name, name.lowercased()].lazy.compactMap { variables[$0] }.first { !$0.isEmpty }
        }
        httpsProxy = value("HTTPS_PROXY")
        httpProxy = value("HTTP_PROXY")
        exceptions = (value("NO_PROXY") ?? "").split(separator: ",").compactMap { Exception($0) }
    }

    /// The proxy for a server.
    ///
    /// - Parameters:
    ///   - scheme: of the server's URL, in small letters.
    ///   - host: a name or an address, without brackets.
    ///   - port: always there, also where the URL leaves it out.
    /// - Returns: its URL; nil for none.
    package func proxy(scheme: String, host: String, port: Int) -> String? {
        guard let proxy = scheme == "https" ? httpsProxy : httpProxy else { return nil }
        let host = host.lowercased()
        let address = IPAddress(host)
        if host == "localhost" || address?.isLoopback == true { return nil }
        if exceptions.contains(where: { $0.covers(host, address, port) }) { return nil }
        return proxy.contains("://") ? proxy : "http://" + proxy
    }
}

/// One entry of `NO_PROXY`.
private enum Exception: Sendable, Equatable {
    case everything
    case network(IPAddress, bits: Int)
    case address(IPAddress, port: Int?)
    /// A suffix with its leading dot; `itself` when the bare name is meant too.
    case domain(String, itself: Bool, port: Int?)

    init?(_ entry: Substring) {
        let entry = entry.filter { !$0.isWhitespace }.lowercased()
        if entry == "*" {
            self = .everything
            return
        }
        if let slash = entry.firstIndex(of: "/"),
            let base = IPAddress(String(entry[..<slash])),
            let bits = Int(entry[entry.index(after: slash)...]),
            (0...base.bytes.count * 8).contains(bits)
        {
            self = .network(base, bits: bits)
            return
        }
        let (host, port) = Self.split(entry)
        if let address = IPAddress(host) {
            self = .address(address, port: port)
            return
        }
        let name = host.hasPrefix("*.") ? String(host.dropFirst()) : host
        guard !name.isEmpty else { return nil }
        let isSuffix = name.hasPrefix(".")
        self = .domain(isSuffix ? name : "." + name, itself: !isSuffix, port: port)
    }

    func covers(_ host: String, _ address: IPAddress?, _ port: Int) -> Bool {
        switch self {
        case .everything:
            true
        case .network(let base, let bits):
            address.map { $0.shares(bits, with: base) } ?? false
        case .address(let wanted, let wantedPort):
            address == wanted && (wantedPort ?? port) == port
        case .domain(let suffix, let itself, let wantedPort):
            (host.hasSuffix(suffix) || itself && "." + host == suffix) && (wantedPort ?? port) == port
        }
    }

    private static func split(_ entry: String) -> (host: String, port: Int?) {
        // More than one colon without brackets is an IPv6 address.
        guard let colon = entry.lastIndex(of: ":"),
            let port = Int(entry[entry.index(after: colon)...]),
            entry.hasPrefix("[") || entry.firstIndex(of: ":") == colon
        else { return (entry.filter { $0 != "[" && $0 != "]" }, nil) }
        return (entry[..<colon].filter { $0 != "[" && $0 != "]" }, port)
    }
}

/// An IPv4 or IPv6 address; one mapped into the other is the former.
private struct IPAddress: Sendable, Equatable {
    let bytes: [UInt8]

    init?(_ text: String) {
        var buffer = [UInt8](repeating: 0, count: 16)
        let count = Int(CPosix_parse_address(text, &buffer))
        guard count > 0 else { return nil }
        let bytes = Array(buffer.prefix(count))
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        self.bytes = bytes.starts(with: mapped) ? Array(bytes.dropFirst(mapped.count)) : bytes
    }

    var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }

    /// Whether the first bits are the same.
    func shares(_ bits: Int, with other: IPAddress) -> Bool {
        guard bytes.count == other.bytes.count else { return false }
        return (0..<bits).allSatisfy { bit in
            (bytes[bit / 8] ^ other.bytes[bit / 8]) & (0x80 >> UInt8(bit % 8)) == 0
        }
    }
}
