import Git
import Text

/// What `ssh` or `git` wrote before it gave up, in the operator's words.
struct ChildComplaint {
    private let lines: [String]
    private let hostKeys: [String]
    private let code: Int32

    init(_ text: String, code: Int32) {
        let all = text.split(whereSeparator: \.isNewline).map(String.init)
        hostKeys = all.compactMap { line in
            line.split(separator: "Server host key: ").dropFirst().first.map { Redaction.clean(String($0)) }
        }
        let noise = ["debug1:", "OpenSSH_", "Authenticated to", "Transferred:", "Bytes per second:"]
        lines = all.filter { line in !noise.contains { line.hasPrefix($0) } }
        self.code = code
    }

    /// Nil where the child ended in peace.
    ///
    /// - Shape: `host` is asked for where a host key was refused, to say what ssh made of the address.
    func failure(for place: String, hasRead: Bool, host: () -> SSHHost? = { nil }) -> GitFailure? {
        let text = lines.joined(separator: "\n")
        let key = hostKeys.last ?? "unknown"
        if text.contains("REMOTE HOST IDENTIFICATION HAS CHANGED") {
            return GitFailure(
                .authentication,
                "The host of \(place) shows another key than \(offended) has, now \(key): someone may be in between, "
                    + "nothing was sent. If the host has told you of a new key: "
                    + "ssh-keygen -R '\(host()?.knownName ?? "the host")'."
            )
        }
        if text.contains("Host key verification failed") || text.contains("host key is known for") {
            return GitFailure(
                .authentication,
                "The host of \(place) is not in \(ChildComplaint.files(of: host())); it shows \(key). Compare that "
                    + "with the host's own, then connect once with ssh to add it."
            )
        }
        if let line = lines.last(where: { $0.contains("Permission denied") }) {
            return GitFailure(
                .authentication,
                "\(place) takes none of your keys: \(Redaction.clean(line)) Is the right one in ssh-agent?"
            )
        }
        let unreachable = [
            "Could not resolve", "Connection refused", "timed out", "No route to host", "Connection closed",
        ]
        if let line = lines.last(where: { line in unreachable.contains { line.contains($0) } }) {
            return GitFailure(.unreachable, "\(place) cannot be reached: \(Redaction.clean(line)).")
        }
        let missing = [
            "does not appear to be a git repository", "not found", "No such file", "does not exist",
        ]
        if !hasRead, let line = lines.first(where: { line in missing.contains { line.contains($0) } }) {
            return GitFailure(.notFound, "\(place) is no repository: \(Redaction.clean(line)).")
        }
        guard code != 0, let line = lines.last(where: { !$0.isEmpty }) else {
            return nil
        }
        return GitFailure(.unreachable, "\(place) cannot be read: \(Redaction.clean(line)).")
    }

    /// The file and line that a changed key stands against.
    private var offended: String {
        let line = lines.last { $0.contains("Offending") && $0.contains(" in ") }
        let place = line?.split(separator: " ").last.map { Redaction.clean(String($0)) }
        return place ?? "known_hosts"
    }

    private static func files(of host: SSHHost?) -> String {
        guard let host, !host.knownHosts.isEmpty else {
            return "known_hosts"
        }
        return
            "\(Redaction.clean(host.knownHosts.joined(separator: ", "))) as \(Redaction.clean(host.knownName))"
    }
}
