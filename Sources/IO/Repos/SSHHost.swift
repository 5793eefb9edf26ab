import Git

/// What the operator's ssh configuration makes of an address, as `ssh -G` tells it.
struct SSHHost: Equatable {
    let name: String
    let port: String
    let user: String
    let knownHosts: [String]
    let identities: [String]

    /// Asks ssh; nil for addresses without ssh, and for an ssh that does not know `-G`.
    static func resolve(_ address: RemoteAddress, _ settings: RepositorySettings) -> SSHHost? {
        guard case .ssh(let user, let host, let port, _) = address, !host.hasPrefix("-") else {
            return nil
        }
        let target = user.map { "\($0)@\(host)" } ?? host
        let command =
            address.ssh(settings, canAsk: false) + ["-G"] + (port.map { ["-p", $0] } ?? []) + [target]
        var quiet = settings
        quiet.ask = nil
        guard
            let answer = try? ChildProcess.output(of: command, input: "", for: Transfer(quiet)),
            answer.code == 0
        else {
            return nil
        }
        return SSHHost(answer.text)
    }

    /// Reads the lines of `ssh -G`.
    init?(_ text: String) {
        var values: [String: [String]] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(separator: " ", maxSplits: 1)
            if words.count == 2 {
                values[words[0].lowercased(), default: []].append(String(words[1]))
            }
        }
        guard let name = values["hostname"]?.first else {
            return nil
        }
        self.name = name
        port = values["port"]?.first ?? "22"
        user = values["user"]?.first ?? ""
        knownHosts = (values["userknownhostsfile"]?.first ?? "").split(separator: " ").map(String.init)
        identities = values["identityfile"] ?? []
    }

    /// How known_hosts calls it.
    var knownName: String { port == "22" ? name : "[\(name)]:\(port)" }
}
