import Foundation
import ProgramTesting

/// A program that a test runs beside itself; it ends with the test.
final class Program: Sendable {
    private let child: Child
    private let input = Pipe()
    /// What it prints, line by line, errors too.
    let output = Log()

    init(_ path: String, _ arguments: [String]) throws {
        let printed = Pipe()
        child = try Child(path, arguments, input: input, output: printed, errors: printed)
        let output = output
        Thread.detachNewThread {
            var line: [UInt8] = []
            while case let bytes = printed.fileHandleForReading.availableData, !bytes.isEmpty {
                for byte in bytes {
                    if byte != UInt8(ascii: "\n") {
                        line.append(byte)
                    } else {
                        output.note(String(decoding: line, as: UTF8.self))
                        line = []
                    }
                }
            }
            output.note("")
        }
    }

    deinit { end() }

    /// Ends it without a chance to tidy up.
    func end() { child.stop(SIGKILL) }

    func type(_ text: String) { input.fileHandleForWriting.write(Data(text.utf8)) }

    /// Waits for a line that begins so, and returns what follows.
    func line(_ prefix: String) async -> String {
        let lines = await output.until { $0.contains { $0.hasPrefix(prefix) } }
        return String(lines.first { $0.hasPrefix(prefix) }?.dropFirst(prefix.count) ?? "")
    }

    /// The HTTP/2 server of nghttp2.
    static let nghttpd = find("nghttpd")
    static let python = find("python3")

    /// Where a program is; nil when it is not installed.
    static func find(_ name: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(
            String.init
        )
        return (folders + ["/usr/sbin", "/usr/bin"]).map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}

/// Keys and certificates, made once by the `openssl` command.
///
/// `server` is for `api.prod.example.internal` and 127.0.0.1; `expired` is the same but out of date; `client`
/// is signed by `ca` too; `other` is an authority that signed nothing; `locked.key` is encrypted.
struct Certificates: Sendable {
    /// Nil when there is no `openssl`.
    static let made = Program.find("openssl").flatMap { try? Certificates(openssl: $0) }

    let openssl: String
    private let folder: URL

    private init(openssl: String) throws {
        self.openssl = openssl
        folder = Self.newFolder()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let names = "subjectAltName=DNS:api.prod.example.internal,IP:127.0.0.1\n"
        try names.write(toFile: path("names"), atomically: true, encoding: .utf8)
        for authority in ["ca", "other"] {
            try run(
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=\(authority)"
                    + " -keyout \(path("\(authority).key")) -out \(path("\(authority).crt"))"
            )
        }
        for (name, days) in [("server", 2), ("expired", -1), ("client", 2)] {
            try run(
                "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=\(name)"
                    + " -keyout \(path("\(name).key")) -out \(path("\(name).csr"))"
            )
            try run(
                "x509 -req -in \(path("\(name).csr")) -CA \(path("ca.crt")) -CAkey \(path("ca.key"))"
                    + " -CAcreateserial -days \(days) -extfile \(path("names")) -out \(path("\(name).crt"))"
            )
        }
        try run("ec -in \(path("client.key")) -out \(path("locked.key")) -aes256 -passout pass:secret")
    }

    /// A folder named after this process; those of processes that are gone are cleared away.
    private static func newFolder() -> URL {
        let files = FileManager.default
        let prefix = "weir-wire-tests-"
        for name in (try? files.contentsOfDirectory(atPath: files.temporaryDirectory.path)) ?? []
        where name.hasPrefix(prefix) && Int32(name.dropFirst(prefix.count)).map({ kill($0, 0) }) != 0 {
            try? files.removeItem(at: files.temporaryDirectory.appendingPathComponent(name))
        }
        return files.temporaryDirectory.appendingPathComponent(prefix + String(getpid()))
    }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    func pem(_ name: String) -> [UInt8] {
        FileManager.default.contents(atPath: path(name)).map(Array.init) ?? []
    }

    private func run(_ arguments: String) throws {
        let ended = try Child.run(openssl, arguments.split(separator: " ").map(String.init))
        guard ended.status == 0 else { throw CocoaError(.executableLoad) }
    }
}
