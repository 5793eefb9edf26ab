import Foundation
import KubeWire
import Testing

/// What kubectl did with a sample, as recorded.
struct KubectlRecord: Decodable {
    struct Sent: Decodable {
        let sni: String?
        let request: String
        let headers: [[String]]
        let accept_encoding: String?
        let client_certificate: String?
    }

    let files: [String]
    let context: String?
    let ok: Bool
    let sent: Sent?
    let connected: [String]?
}

/// One sample of Tests/Fixtures/kubeconfig.
struct KubeconfigSample: CustomTestStringConvertible, Sendable {
    let name: String

    var testDescription: String { name }

    var record: KubectlRecord {
        get throws {
            for path in ["kubeconfig/\(name).expected.json", "kubeconfig/\(name)/expected.json"] {
                if let bytes = try? Fixture.bytes(path) {
                    return try JSONDecoder().decode(KubectlRecord.self, from: Data(bytes))
                }
            }
            throw CocoaError(.fileNoSuchFile)
        }
    }

    /// The files as they are given to weir; what does not exist is left out, as by the reader of files.
    func load() throws -> Kubeconfig {
        let files = try record.files.compactMap { path in
            try? KubeconfigFile(path: path, bytes: Fixture.bytes("kubeconfig/\(path)"))
        }
        return Kubeconfig(files: files)
    }

    /// The access that kubectl used.
    func chosen() throws -> Result<ClusterAccess, KubeconfigProblem> {
        let config = try load()
        let name = try #require(try record.context ?? config.currentContext)
        return try #require(config.context(named: name)).access
    }

    static let all: [KubeconfigSample] = {
        let names = (try? Fixture.names("kubeconfig")) ?? []
        return names.compactMap { name -> KubeconfigSample? in
            if name.hasSuffix(".expected.json") {
                return KubeconfigSample(name: String(name.dropLast(".expected.json".count)))
            }
            let hasRecord = (try? Fixture.bytes("kubeconfig/\(name)/expected.json")) != nil
            return hasRecord ? KubeconfigSample(name: name) : nil
        }
    }()

    static var good: [KubeconfigSample] {
        all.filter { (try? $0.record.ok) == true }
    }
}

struct KubeconfigSampleTests {
    @Test func `all samples are found`() {
        #expect(KubeconfigSample.all.count >= 60)
        #expect(KubeconfigSample.good.count >= 30)
    }

    @Test(arguments: KubeconfigSample.good)
    func `what kubectl uses is usable, at the same address`(sample: KubeconfigSample) throws {
        let sent = try #require(try sample.record.sent)
        let access = try sample.chosen().get()
        let host = try #require(sent.headers.first { $0[0] == "Host" }?[1])
        let authority = access.server.host.contains(":") ? "[\(access.server.host)]" : access.server.host
        #expect(access.server.isSecure)
        #expect(host == authority + (access.server.port.map { ":\($0)" } ?? ""))
        #expect(sent.request == "GET \(access.server.path)/version?timeout=4s HTTP/1.1")
        #expect((sent.accept_encoding == nil) == access.disablesCompression)
        #expect((sent.client_certificate != nil) == (access.credentials.certificate != nil))
        if let sni = sent.sni {
            #expect(sni == access.tlsServerName ?? access.server.host)
        }
    }

    @Test(arguments: KubeconfigSample.good)
    func `the same credentials are sent`(sample: KubeconfigSample) throws {
        let sent = try #require(try sample.record.sent)
        let credentials = try sample.chosen().get().credentials
        let header = sent.headers.first { $0[0] == "Authorization" }?[1]
        switch (credentials.bearer, credentials.basic, credentials.exec) {
        case (.token(let token)?, nil, nil):
            #expect(header == "Bearer \(token.revealed)")
        case (.file(let path, _)?, nil, nil):
            let file = try Fixture.bytes("kubeconfig/\(path)")
            let text = String(decoding: file, as: UTF8.self).split(whereSeparator: \.isWhitespace)
            #expect(header == "Bearer \(text.joined())")
        case (nil, let login?, nil):
            let pair = Data("\(login.user):\(login.password.revealed)".utf8).base64EncodedString()
            #expect(header == "Basic \(pair)")
        case (nil, nil, .some):
            #expect(header?.hasPrefix("Bearer ") == true)
        default:
            #expect(header == nil)
        }
    }

    @Test(arguments: KubeconfigSample.good)
    func `the same user is acted as`(sample: KubeconfigSample) throws {
        func sorted(_ pairs: [(String, String)]) -> [String] {
            pairs.filter { $0.0.lowercased().hasPrefix("impersonate") }
                .map { "\($0.0.lowercased()): \($0.1)" }.sorted()
        }
        let sent = try #require(try sample.record.sent)
        let access = try sample.chosen().get()
        #expect(
            sorted(access.impersonation.map { ($0.name, $0.value) })
                == sorted(sent.headers.map { ($0[0], $0[1]) })
        )
    }

    @Test(arguments: KubeconfigSample.good)
    func `the same proxy is asked`(sample: KubeconfigSample) throws {
        let record = try sample.record
        let proxy = try sample.chosen().get().proxyURL
        let way = try #require(record.connected?.first)
        #expect((proxy == nil) == way.hasPrefix("env-proxy"))
        #expect((proxy?.hasPrefix("socks5://") ?? false) == way.hasPrefix("socks5"))
    }

    @Test(arguments: KubeconfigSample.good)
    func `nothing is wrong with what kubectl uses`(sample: KubeconfigSample) throws {
        #expect(try sample.load().problems == [])
    }

    @Test(arguments: [
        (
            "10-exec-v1-no-interactive-mode", "users[jane].exec.interactiveMode",
            "Never, IfAvailable or Always"
        ),
        ("11-exec-v1alpha1", "users[jane].exec.apiVersion", "client.authentication.k8s.io/v1alpha1"),
        ("17-proxy-url-bad-scheme", "clusters[prod].cluster.proxy-url", "\"ftp\""),
        ("21-insecure-with-ca", "clusters[prod].cluster.insecure-skip-tls-verify", "certificate authority"),
        ("26-impersonation-groups-only", "users[jane].user.as-groups", "act as"),
        ("33-missing-cluster", "contexts[prod].context.cluster", "\"gone\""),
        ("34-missing-user", "contexts[prod].context.user", "\"gone\""),
        ("37-context-without-user", "contexts[prod].context.user", "missing"),
        ("38-token-and-basic", "users[jane].user.username", "token"),
        ("40-bad-base64-ca", "clusters[prod].cluster.certificate-authority-data", "base64"),
        ("41-bad-pem-ca", "clusters[prod].cluster.certificate-authority-data", "PEM"),
        ("43-base64-no-padding", "clusters[prod].cluster.certificate-authority-data", "padding"),
        ("44-cert-without-key", "users[jane].user.client-certificate-data", "client-key"),
        ("49-no-server", "clusters[prod].cluster.server", "missing"),
        ("60-duplicate-names", "clusters[prod]", "twice"),
        ("66-auth-provider-gcp", "users[jane].user.auth-provider", "gke-gcloud-auth-plugin"),
        ("67-auth-provider-oidc", "users[jane].user.auth-provider", "oidc"),
    ])
    func `a bad entry is named with file, line, context and key`(
        name: String,
        key: String,
        words: String
    ) throws {
        let sample = KubeconfigSample(name: name)
        #expect(throws: KubeconfigProblem.self) { try sample.chosen().get() }
        guard case .failure(let problem) = try sample.chosen() else {
            return
        }
        #expect(problem.key.replacingOccurrences(of: ".user.exec", with: ".exec") == key)
        #expect(problem.message.contains(words), "\(problem)")
        #expect(problem.context == "prod")
        #expect(problem.line != nil)
        #expect(problem.file == "\(name).yaml")
        #expect(try sample.load().problems.contains(problem))
    }

    @Test(arguments: [
        ("31-broken-yaml", "", "is not YAML"),
        ("32-wrong-type", "clusters", "expected a list, found text"),
        ("35-missing-current-context", "current-context", "\"gone\""),
        ("62-numbers-and-booleans", "clusters[0].name", "the number 123"),
        ("62-numbers-and-booleans", "users[0].name", "the truth value yes"),
        ("62-numbers-and-booleans", "contexts[0].name", "put it in quotes"),
    ])
    func `a problem of no context is named as well`(name: String, key: String, words: String) throws {
        let problems = try KubeconfigSample(name: name).load().problems
        #expect(
            problems.contains { $0.key == key && $0.message.contains(words) && $0.line != nil },
            "\(problems)"
        )
    }

    /// Those that only connecting can find out: the network, the files and the programs of somebody's machine.
    private static let foundWhenConnecting: Set<String> = [
        "12-exec-missing-binary", "13-exec-interactive-always", "22-wrong-ca", "24-wrong-host",
        "46-cert-file-missing", "47-token-file-missing", "50-server-without-scheme", "51-plain-http",
        "52-no-ca",
    ]

    /// kubectl asks localhost:8080 for want of a choice; weir shows every context there is.
    private static let nothingIsWrong: Set<String> = ["36-no-current-context", "58-empty-file"]

    @Test func `every sample that kubectl refuses is refused in better words, or usable here`() throws {
        let broken = try KubeconfigSample.all.filter { try !$0.record.ok }
        #expect(broken.count >= 30)
        for sample in broken {
            let problems = try sample.load().problems
            if Self.foundWhenConnecting.contains(sample.name) {
                _ = try sample.chosen().get()
            } else if Self.nothingIsWrong.contains(sample.name) {
                #expect(problems.isEmpty, "\(sample.name)")
            } else {
                #expect(!problems.isEmpty, "\(sample.name)")
            }
            for problem in problems {
                #expect(!problem.message.isEmpty && problem.file.hasPrefix(String(sample.name.prefix(3))))
            }
        }
    }

    @Test func `what insists on a terminal and what is not installed are known before anything runs`() throws
    {
        let interactive = try KubeconfigSample(name: "13-exec-interactive-always").chosen().get()
        #expect(interactive.credentials.exec?.interaction == .always)
        let missing = try KubeconfigSample(name: "12-exec-missing-binary").chosen().get()
        #expect(missing.credentials.exec?.installHint.isEmpty == false)
        let plain = try KubeconfigSample(name: "51-plain-http").chosen().get()
        #expect(!plain.server.isSecure && !plain.credentials.isEmpty)
    }

    @Test(arguments: ["36-no-current-context", "58-empty-file"])
    func `nothing chosen is nothing wrong`(name: String) throws {
        let config = try KubeconfigSample(name: name).load()
        #expect(config.problems == [])
        #expect(config.currentContext == nil)
    }

    @Test func `a server without a scheme is spoken to without TLS, as by kubectl`() throws {
        let access = try KubeconfigSample(name: "50-server-without-scheme").chosen().get()
        #expect(access.server.description == "http://api.prod.example.internal:6443")
    }

    @Test func `files are left for whoever connects`() throws {
        let access = try KubeconfigSample(name: "46-cert-file-missing").chosen().get()
        #expect(access.authority == .file("pki/none.crt"))
        let token = try KubeconfigSample(name: "47-token-file-missing").chosen().get()
        #expect(token.credentials.bearer == .file("secrets/none", fallback: nil))
    }

    @Test func `each path belongs to the folder of its own file`() throws {
        let access = try KubeconfigSample(name: "30-merge-relative-paths").chosen().get()
        #expect(access.authority == .file("30-merge-paths/one/ca.crt"))
        #expect(access.credentials.bearer == .file("30-merge-paths/two/../two/token", fallback: nil))
    }

    @Test func `a plugin is found by name or beside its file`() throws {
        func spec(_ command: String) throws -> ExecSpec? {
            let text = """
                clusters: [{name: c, cluster: {server: "https://h"}}]
                users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: \(command)}}}]
                contexts: [{name: x, context: {cluster: c, user: u}}]
                """
            let config = Kubeconfig(files: [KubeconfigFile(path: "/etc/k/config", bytes: Array(text.utf8))])
            return try config.contexts[0].access.get().credentials.exec
        }
        #expect(try spec("aws")?.command == "aws")
        #expect(try spec("./bin/aws")?.command == "/etc/k/./bin/aws")
        #expect(try spec("/bin/aws")?.command == "/bin/aws")
    }

    @Test func `contexts with the same plugin share its spec`() throws {
        let text = """
            clusters: [{name: a, cluster: {server: "https://a"}}, {name: b, cluster: {server: "https://b"}}]
            users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: x}}}]
            contexts: [{name: a, context: {cluster: a, user: u}}, {name: b, context: {cluster: b, user: u}}]
            """
        let config = Kubeconfig(files: [KubeconfigFile(path: "c", bytes: Array(text.utf8))])
        let specs = try config.contexts.map { try $0.access.get().credentials.exec }
        #expect(specs[0] == specs[1])
    }

    @Test func `one bad entry leaves the others alone`() throws {
        let text = """
            clusters:
            - {name: good, cluster: {server: "https://good"}}
            - {name: bad, cluster: {server: "ftp://bad"}}
            - 7
            - {cluster: {server: "https://nameless"}}
            users: [{name: u, user: {token: t}}]
            contexts:
            - {name: one, context: {cluster: good, user: u}}
            - {name: two, context: {cluster: bad, user: u}}
            - {name: three, context: {cluster: good, user: u, namespace: 12}}
            """
        let config = Kubeconfig(files: [KubeconfigFile(path: "c", bytes: Array(text.utf8))])
        #expect(config.contexts.map { (try? $0.access.get()) != nil } == [true, false, false])
        #expect(config.problems.count == 4)
        #expect(config.problems.contains { $0.line == 3 && $0.context == "two" })
    }

    @Test func `no secret is in anything printed`() throws {
        for sample in KubeconfigSample.all {
            let config = try sample.load()
            var text = ""
            dump(config, to: &text)
            text += String(describing: config) + String(reflecting: config)
            for secret in ["REDACTED", "UkVEQUNURUQ"] {
                #expect(!text.contains(secret), "\(sample.name)")
            }
        }
    }

    @Test func `any bytes at all are read without a crash`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        for sample in KubeconfigSample.all {
            for path in try sample.record.files {
                guard let original = try? Fixture.bytes("kubeconfig/\(path)"), !original.isEmpty else {
                    continue
                }
                for _ in 0..<25 {
                    var bytes = original
                    for _ in 0..<Int.random(in: 1...6, using: &random) {
                        let index = Int.random(in: 0..<bytes.count, using: &random)
                        bytes[index] = UInt8.random(in: 0...255, using: &random)
                    }
                    let config = Kubeconfig(files: [KubeconfigFile(path: path, bytes: bytes)])
                    #expect(config.contexts.count < 10, "seed \(seed)")
                }
            }
        }
    }

    @Test(arguments: [
        String(repeating: "[", count: 50_000), String(repeating: "- ", count: 50_000),
        String(repeating: "{a: ", count: 50_000), String(repeating: "? ", count: 50_000),
        "a: &a [*a]", "a: &a {b: *a}", "---\n---\n", "%YAML 9.9\n---\na: b", "\u{0}", "\t", "!!binary x",
        "clusters: [{name: {a: b}, cluster: []}]", "contexts: [{name: x, context: {cluster: [], user: {}}}]",
        "&a a: *a", "? [a, b]\n: c", "{a: b, a: c}", "<<: *x",
    ])
    func `odd documents give problems, not crashes`(text: String) {
        let config = Kubeconfig(files: [KubeconfigFile(path: "c", bytes: Array(text.utf8))])
        #expect(config.contexts.allSatisfy { (try? $0.access.get()) == nil })
    }

    @Test(arguments: [
        ("https://h", "https://h"), ("https://H:6443/", "https://H:6443"),
        ("https://[::1]:6443/a//b/?x#y", "https://[::1]:6443/a/b"), ("https://u:p@h/x", "https://h/x"),
        ("h:8080", "http://h:8080"), ("http://127.0.0.1:8001", "http://127.0.0.1:8001"),
    ])
    func `servers are taken apart`(text: String, shown: String) throws {
        #expect(try server(text)?.description == shown)
    }

    @Test(arguments: [
        "", "https://", "https://:6443", "https://h:0", "https://h:65536", "https://h:x", "https://a:b:c",
        "https://[::1", "https://h h", "ftp://h", "https://a\\b", "https:///path",
    ])
    func `what is no address is refused`(text: String) throws {
        #expect(try server(text) == nil)
    }

    private func server(_ text: String) throws -> ServerAddress? {
        let file = """
            clusters: [{name: c, cluster: {server: '\(text)'}}]
            users: [{name: u, user: {token: t}}]
            contexts: [{name: x, context: {cluster: c, user: u}}]
            """
        let config = Kubeconfig(files: [KubeconfigFile(path: "c", bytes: Array(file.utf8))])
        return try? config.contexts[0].access.get().server
    }
}
