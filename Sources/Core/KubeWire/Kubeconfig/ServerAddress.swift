/// The address of an API server, taken apart: path prefixes stay, queries and fragments go.
package struct ServerAddress: Hashable, Sendable, CustomStringConvertible {
    package let isSecure: Bool
    /// A name or an address; IPv6 without brackets.
    package let host: String
    /// Nil where the address names none: 443, or 80 without TLS.
    package let port: Int?
    /// Begins with `/` and does not end with one; empty for most servers.
    package let path: String

    package init(isSecure: Bool, host: String, port: Int?, path: String = "") {
        self.isSecure = isSecure
        self.host = host
        self.port = port
        self.path = path
    }

    /// The address without a slash at its end, `https://rancher.example.com/k8s/clusters/c-1`.
    package var description: String {
        let authority = host.contains(":") ? "[\(host)]" : host
        let suffix = port.map { ":\($0)" } ?? ""
        return "\(isSecure ? "https" : "http")://\(authority)\(suffix)\(path)"
    }
}
