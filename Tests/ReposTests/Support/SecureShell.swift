import Foundation

@testable import Repos

/// An `sshd` of this test's own on a loopback port, with one host key and one user key.
final class SecureShell {
    let port: Int
    let directory: String
    private let process: LineProcess
    private let bench: Bench

    /// Nil, with the reason printed, where there is no sshd or it cannot run here.
    ///
    /// sshd takes no port 0, so a free one is tried until nobody else was quicker.
    static func start(_ bench: Bench) throws -> SecureShell? {
        guard FileManager.default.isExecutableFile(atPath: "/usr/sbin/sshd") else {
            print("skipped: openssh-server is missing")
            return nil
        }
        for _ in 0..<10 {
            if let shell = try SecureShell(bench, port: try SilentListener().port) {
                return shell
            }
        }
        print("skipped: sshd does not run here")
        return nil
    }

    private init?(_ bench: Bench, port: Int) throws {
        self.bench = bench
        self.port = port
        directory = "\(bench.root)/ssh-\(port)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        // Run by root, sshd wants this directory; a packaged service makes it at boot.
        try? FileManager.default.createDirectory(atPath: "/run/sshd", withIntermediateDirectories: true)
        for name in ["host", "user", "stranger"] {
            try bench.shell("ssh-keygen -q -t ed25519 -N '' -C \(name) -f \(name)", in: directory)
        }
        try bench.shell("cp user.pub authorized_keys && chmod 600 authorized_keys", in: directory)
        try """
        Port \(port)
        ListenAddress 127.0.0.1
        HostKey \(directory)/host
        AuthorizedKeysFile \(directory)/authorized_keys
        PidFile none
        StrictModes no
        UsePAM no
        PasswordAuthentication no
        KbdInteractiveAuthentication no
        PermitRootLogin yes
        LogLevel INFO

        """.write(toFile: "\(directory)/sshd_config", atomically: true, encoding: .utf8)
        let command = ["/usr/sbin/sshd", "-D", "-e", "-f", "\(directory)/sshd_config"]
        process = try LineProcess(command, environment: bench.environment, of: bench)
        guard process.line(holding: "Server listening") != nil else {
            return nil
        }
    }

    var url: String { "ssh://\(user)@127.0.0.1:\(port)\(bench.remote)" }

    private var user: String { ProcessInfo.processInfo.userName }

    /// The SHA-256 fingerprint of the host key, as ssh shows it.
    func fingerprint() throws -> String {
        try bench.shell("ssh-keygen -lf host.pub > fingerprint", in: directory)
        let text = try String(contentsOfFile: "\(directory)/fingerprint", encoding: .utf8)
        return String(text.split(separator: " ")[1])
    }

    /// Writes a known_hosts file that has this key for the server; nil writes an empty one.
    func know(_ key: String?) throws {
        let text = try key.map { try String(contentsOfFile: "\(directory)/\($0).pub", encoding: .utf8) } ?? ""
        let parts = text.split(separator: " ")
        let line = parts.count > 1 ? "[127.0.0.1]:\(port) \(parts[0]) \(parts[1])\n" : ""
        try line.write(toFile: "\(directory)/known_hosts", atomically: true, encoding: .utf8)
    }

    /// The environment in which `ssh` uses the test's files and nothing of the user's.
    func environment(key: String, options: String = "") -> [String: String] {
        let known = "-o UserKnownHostsFile=\(directory)/known_hosts -o GlobalKnownHostsFile=/dev/null"
        return [
            "GIT_SSH_COMMAND":
                "ssh -F /dev/null \(known) -o IdentitiesOnly=yes -i \(directory)/\(key) \(options)"
        ]
    }
}
