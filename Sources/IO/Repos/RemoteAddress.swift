import FoundationEssentials
import Git

/// An address that is reached by a child process: over ssh, or a path of this machine.
enum RemoteAddress: Equatable {
    case ssh(user: String?, host: String, port: String?, path: String)
    case path(String)

    /// Reads `ssh://`, `git+ssh://`, `user@host:path`, `file://` and plain paths; nil for anything else.
    init?(_ url: String) {
        for scheme in ["ssh://", "git+ssh://", "ssh+git://"] where url.lowercased().hasPrefix(scheme) {
            self.init(authorityAndPath: url.dropFirst(scheme.count))
            return
        }
        if url.lowercased().hasPrefix("file://") {
            let rest = url.dropFirst("file://".count)
            let path = rest.drop { $0 != "/" }
            self = .path(RemoteAddress.decoded(path))
            return
        }
        guard !url.contains("://") else {
            return nil
        }
        if let colon = url.firstIndex(of: ":"), !url[..<colon].contains("/"), colon != url.startIndex {
            let (user, host) = RemoteAddress.split(url[..<colon])
            self = .ssh(user: user, host: host, port: nil, path: String(url[url.index(after: colon)...]))
            return
        }
        guard !url.isEmpty else {
            return nil
        }
        self = .path(url)
    }

    private init(authorityAndPath rest: Substring) {
        let authority = rest.prefix { $0 != "/" }
        var path = RemoteAddress.decoded(rest.dropFirst(authority.count))
        if path.hasPrefix("/~") {
            path.removeFirst()
        }
        var (user, host) = RemoteAddress.split(authority)
        var port: String?
        if host.hasPrefix("["), let end = host.firstIndex(of: "]") {
            let after = host[host.index(after: end)...]
            port = after.hasPrefix(":") ? String(after.dropFirst()) : nil
            host = String(host[host.index(after: host.startIndex)..<end])
        } else if let colon = host.lastIndex(of: ":") {
            port = String(host[host.index(after: colon)...])
            host = String(host[..<colon])
        }
        // A password has no place in an ssh address and would show in the list of processes.
        user = user.map { String($0.prefix { $0 != ":" }) }
        self = .ssh(user: user, host: host, port: port, path: path)
    }

    /// The program that reaches the other side's `git upload-pack` or `receive-pack`.
    ///
    /// - Errors: `.invalid` for parts that `ssh` would take for options, as a cluster's objects can hold anything.
    func command(
        for program: String,
        _ settings: RepositorySettings,
        canAsk: Bool
    ) throws(MirrorTrouble) -> [String] {
        switch self {
        case .path(let path):
            guard !path.hasPrefix("-") else {
                throw MirrorTrouble(.invalid, "\(Redaction.clean(path)) is no path of a repository.")
            }
            return ["git", program, path]
        case .ssh(let user, let host, let port, let path):
            let isPort = port.map { UInt16($0) != nil } ?? true
            guard
                !host.isEmpty, !host.hasPrefix("-"), user?.hasPrefix("-") != true, !path.isEmpty, isPort,
                !path.hasPrefix("-")
            else {
                throw MirrorTrouble(.invalid, "\(settings.shownURL) is no ssh address of a repository.")
            }
            let quoted = path.replacing("'", with: "'\\''")
            let target = user.map { "\($0)@\(host)" } ?? host
            let ports = port.map { ["-p", $0] } ?? []
            return ssh(settings, canAsk: canAsk) + ports + [target, "git-\(program) '\(quoted)'"]
        }
    }

    func ssh(_ settings: RepositorySettings, canAsk: Bool) -> [String] {
        let seconds = max(1, settings.answerTimeout.components.seconds)
        let options = [
            // -v because only its lines tell the fingerprint of a host key that is refused.
            "-v", "-o", "BatchMode=\(canAsk ? "no" : "yes")", "-o", "StrictHostKeyChecking=yes", "-o",
            "ConnectTimeout=\(seconds)",
            "-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=3",
        ]
        guard let own = settings.variable("GIT_SSH_COMMAND") ?? GitConfiguration().text("core.sshCommand")
        else {
            return [settings.variable("GIT_SSH") ?? "ssh"] + options
        }
        // As git runs it: a shell command to which the arguments are added. Options are OpenSSH's alone.
        let name = own.split(separator: " ").first?.split(separator: "/").last
        return ["sh", "-c", "\(own) \"$@\"", own] + (name == "ssh" ? options : [])
    }

    private static func split(_ authority: Substring) -> (user: String?, host: String) {
        guard let at = authority.lastIndex(of: "@") else {
            return (nil, String(authority))
        }
        return (String(authority[..<at]), String(authority[authority.index(after: at)...]))
    }

    private static func decoded(_ path: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(path.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let value = UInt8(digits, radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
