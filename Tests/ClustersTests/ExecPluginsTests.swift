import Chrono
import Clusters
import Foundation
import KubeWire
import Testing

private func spec(_ command: String = "emit", hint: String = "") -> ExecSpec {
    ExecSpec(
        apiVersion: "client.authentication.k8s.io/v1",
        command: command,
        interaction: .never,
        installHint: hint
    )
}

private func output(_ token: String, expires: String? = nil) -> [UInt8] {
    let expiry = expires.map { ",\"expirationTimestamp\":\"\($0)\"" } ?? ""
    return Array(
        """
        {"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1",
         "status":{"token":"\(token)"\(expiry)}}
        """.utf8
    )
}

/// Counts the runs of a plugin that gives a new token each time.
private final class Runs: @unchecked Sendable {
    private let lock = NSLock()
    private var count = 0
    private var atOnce = 0
    private(set) var mostAtOnce = 0
    private let expires: String?

    init(expires: String? = nil) {
        self.expires = expires
    }

    var total: Int { lock.withLock { count } }

    func run() -> Result<[UInt8], ExecFault> {
        let number = lock.withLock {
            count += 1
            atOnce += 1
            mostAtOnce = max(mostAtOnce, atOnce)
            return count
        }
        defer { lock.withLock { atOnce -= 1 } }
        return .success(output("token-\(number)", expires: expires))
    }
}

extension ExecPlugins {
    fileprivate func token(_ spec: ExecSpec, rejected: ExecCredential? = nil) async throws -> ExecCredential {
        try await withCheckedThrowingContinuation { continuation in
            credential(for: spec, authority: nil, rejected: rejected) { result in
                continuation.resume(with: result.mapError { $0 as any Error })
            }
        }
    }
}

struct ExecPluginsTests {
    @Test func `contexts that share a plugin share its run`() async throws {
        let runs = Runs()
        let plugins = ExecPlugins { _, _ in runs.run() }
        let tokens = try await withThrowingTaskGroup(of: ExecCredential.self) { group in
            for _ in 0..<20 {
                group.addTask { try await plugins.token(spec()) }
            }
            return try await group.reduce(into: Set<ExecCredential>()) { $0.insert($1) }
        }
        #expect(tokens.count == 1 && runs.total == 1)
    }

    @Test func `other plugins run for themselves, few at a time`() async throws {
        let runs = Runs()
        let plugins = ExecPlugins(limit: 2) { _, _ in runs.run() }
        try await withThrowingTaskGroup(of: ExecCredential.self) { group in
            for number in 0..<20 {
                group.addTask { try await plugins.token(spec("emit-\(number)")) }
            }
            try await group.waitForAll()
        }
        #expect(runs.total == 20 && runs.mostAtOnce <= 2)
    }

    @Test func `an expired token is fetched anew for each use`() async throws {
        let runs = Runs(expires: "2020-01-01T00:00:00Z")
        let plugins = ExecPlugins { _, _ in runs.run() }
        #expect(try await plugins.token(spec()).token?.revealed == "token-1")
        #expect(try await plugins.token(spec()).token?.revealed == "token-2")
    }

    @Test func `a refused token is replaced once, for all who were refused`() async throws {
        let runs = Runs()
        let plugins = ExecPlugins { _, _ in runs.run() }
        let first = try await plugins.token(spec())
        #expect(try await plugins.token(spec(), rejected: first).token?.revealed == "token-2")
        #expect(try await plugins.token(spec(), rejected: first).token?.revealed == "token-2")
        #expect(runs.total == 2)
    }

    @Test func `a plugin that wants the terminal is not run`() async throws {
        let runs = Runs()
        let plugins = ExecPlugins { _, _ in runs.run() }
        let interactive = ExecSpec(
            apiVersion: "client.authentication.k8s.io/v1",
            command: "tsh",
            interaction: .always
        )
        await #expect(throws: ExecFault.self) { try await plugins.token(interactive) }
        #expect(runs.total == 0)
    }

    @Test func `a plugin that failed is run again when asked again`() async throws {
        let runs = Runs()
        let plugins = ExecPlugins { _, _ in
            guard case .success(let bytes) = runs.run(), runs.total > 1 else {
                return .failure(ExecFault("not logged in"))
            }
            return .success(bytes)
        }
        await #expect(throws: ExecFault("not logged in")) { try await plugins.token(spec()) }
        #expect(try await plugins.token(spec()).token != nil)
    }
}

struct PluginProcessTests {
    private func run(_ script: String, limit: Duration = .seconds(20)) -> Result<[UInt8], ExecFault> {
        let spec = ExecSpec(
            apiVersion: "client.authentication.k8s.io/v1",
            command: "/bin/sh",
            arguments: ["-c", script],
            environment: [HeaderField("STAGE", "prod")],
            interaction: .never
        )
        return ExecPlugins.runProcess(spec, info: "{\"kind\":\"ExecCredential\"}", limit: limit)
    }

    private func text(_ result: Result<[UInt8], ExecFault>) -> String {
        switch result {
        case .success(let bytes): String(decoding: bytes, as: UTF8.self)
        case .failure(let fault): "! \(fault.message)"
        }
    }

    @Test func `output comes back, environment goes in`() {
        #expect(
            text(run("printf '%s %s' \"$STAGE\" \"$KUBERNETES_EXEC_INFO\""))
                == "prod {\"kind\":\"ExecCredential\"}"
        )
    }

    @Test func `there is no input and no terminal`() {
        #expect(
            text(run("cat; test -t 0 || echo none; (exec </dev/tty) 2>/dev/null || echo no tty"))
                == "none\nno tty\n"
        )
    }

    @Test func `a failure tells the code and what the plugin complained about`() {
        let message = text(run("printf 'error: token \\033[31mexpired\\n' >&2; exit 3"))
        #expect(message.contains("failed with exit code 3: error: token"))
        #expect(!message.contains("\u{1B}"))
    }

    @Test func `warnings of a run that ends well are no failure`() {
        #expect(text(run("echo warning >&2; echo fine")) == "fine\n")
    }

    @Test func `a plugin that hangs is ended with all it started`() {
        #expect(
            text(run("cat /dev/zero >/dev/null & wait", limit: .milliseconds(200))).contains("did not answer")
        )
    }

    @Test func `a plugin that never ends its output is ended`() {
        #expect(text(run("cat /dev/zero", limit: .seconds(20))).contains("did not answer"))
    }

    @Test func `a program that is not installed is named with the hint`() {
        let spec = spec("weir-not-installed", hint: "Install it from https://docs.example.com")
        let message = text(ExecPlugins.runProcess(spec, info: "{}", limit: .seconds(5)))
        #expect(
            message
                == "! the plugin weir-not-installed is not installed: Install it from https://docs.example.com"
        )
    }
}
