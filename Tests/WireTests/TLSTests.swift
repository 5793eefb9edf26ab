import Testing
import Wire

@Suite(.enabled(if: Certificates.made != nil, "needs the openssl command"))
struct TLSTests {
    private let certificates: Certificates

    init() throws { certificates = try #require(Certificates.made) }

    /// A TLS server with a certificate of ours, and its port.
    private func server(_ certificate: String = "server", _ options: String...) async throws -> (Program, Int)
    {
        let fixed = [
            "s_server", "-accept", "127.0.0.1:0", "-cert", certificates.path("\(certificate).crt"), "-key",
            certificates.path("\(certificate).key"),
        ]
        let program = try Program(certificates.openssl, fixed + (options.isEmpty ? ["-www"] : options))
        return (program, try #require(Int(await program.line("ACCEPT 127.0.0.1:"))))
    }

    private func settings(ca: String? = "ca.crt") -> ConnectionSettings {
        var settings = ConnectionSettings.direct
        settings.caPEM = ca.map { certificates.pem($0) }
        return settings
    }

    private func failure(_ settings: ConnectionSettings, _ url: String) async -> WireFailure? {
        let rig = Rig(settings)
        let failure = await rig.failure(.get(url))
        await rig.shutdown()
        return failure
    }

    @Test func `the given authority is trusted`() async throws {
        let (program, port) = try await server()
        let rig = Rig(settings())
        let answer = try await rig.collect(.get("https://127.0.0.1:\(port)/")).get()
        #expect(answer.head.status == 200)
        #expect(answer.stats.secured >= answer.stats.connected)
        await rig.shutdown()
        withExtendedLifetime(program) {}
    }

    @Test(arguments: ["other.crt", nil])
    func `another authority, or those of the system, are not enough`(ca: String?) async throws {
        let (program, port) = try await server()
        let failure = await failure(settings(ca: ca), "https://127.0.0.1:\(port)/")
        #expect(failure?.kind == .tls(.unknownAuthority))
        #expect(failure?.message.hasPrefix("The certificate of 127.0.0.1:\(port) is not trusted: ") == true)
        withExtendedLifetime(program) {}
    }

    @Test func `all that share an untrusted connection are told so`() async throws {
        let (program, port) = try await server()
        let rig = Rig(settings(ca: "other.crt"))
        let answers = await rig.collect(Array(repeating: .get("https://127.0.0.1:\(port)/"), count: 12))
        for answer in answers {
            guard case .failure(let failure) = answer else {
                Issue.record("an untrusted server was trusted")
                continue
            }
            #expect(failure.kind == .tls(.unknownAuthority))
        }
        await rig.shutdown()
        withExtendedLifetime(program) {}
    }

    @Test func `an insecure connection takes any certificate`() async throws {
        let (program, port) = try await server("expired")
        var settings = settings(ca: nil)
        settings.insecure = true
        settings.serverName = "anything.example"
        let rig = Rig(settings)
        #expect(try await rig.collect(.get("https://127.0.0.1:\(port)/")).get().head.status == 200)
        await rig.shutdown()
        withExtendedLifetime(program) {}
    }

    @Test func `an expired certificate is called out of date`() async throws {
        let (program, port) = try await server("expired")
        #expect(await failure(settings(), "https://127.0.0.1:\(port)/")?.kind == .tls(.outOfDate))
        withExtendedLifetime(program) {}
    }

    @Test func `a certificate for another name is refused`() async throws {
        let (program, port) = try await server()
        let failure = await failure(settings(), "https://localhost:\(port)/")
        #expect(failure?.kind == .tls(.wrongName))
        #expect(failure?.message == "The certificate of localhost:\(port) is not for localhost.")
        withExtendedLifetime(program) {}
    }

    @Test func `a server name that the certificate does not bear is refused`() async throws {
        let (program, port) = try await server()
        var settings = settings()
        settings.serverName = "api.staging.example.internal"
        let failure = await failure(settings, "https://127.0.0.1:\(port)/")
        #expect(failure?.kind == .tls(.wrongName))
        #expect(
            failure?.message
                == "The certificate of 127.0.0.1:\(port) is not for api.staging.example.internal."
        )
        withExtendedLifetime(program) {}
    }

    @Test func `the server name is asked for and verified, Host stays the address`() async throws {
        let name = "api.prod.example.internal"
        let (program, port) = try await server(
            "server",
            "-servername",
            name,
            "-cert2",
            certificates.path("server.crt"),
            "-key2",
            certificates.path("server.key")
        )
        var settings = settings()
        settings.serverName = name
        let rig = Rig(settings)
        async let answer = rig.collect(.get("https://127.0.0.1:\(port)/version?timeout=4s"))
        #expect(await program.line("Host: ") == "127.0.0.1:\(port)\r")
        #expect(await program.line("GET ") == "/version?timeout=4s HTTP/1.1\r")
        #expect(await program.line("Hostname in TLS extension: ") == "\"\(name)\"")
        program.type("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        #expect(await answer.text == "ok")
        await rig.shutdown()
    }

    @Test(arguments: ["-tls1_3", "-tls1_2"])
    func `a client certificate is shown to a server that wants one`(version: String) async throws {
        let (program, port) = try await server(
            "server",
            "-www",
            version,
            "-Verify",
            "1",
            "-verify_return_error",
            "-CAfile",
            certificates.path("ca.crt")
        )
        let url = "https://127.0.0.1:\(port)/"
        var settings = settings()
        let failure = await failure(settings, url)
        #expect(failure?.kind == (version == "-tls1_3" ? .tls(.clientCertificate) : .tls(.handshake)))
        settings.clientCertificatePEM = certificates.pem("client.crt")
        settings.clientKeyPEM = certificates.pem("client.key")
        let rig = Rig(settings)
        #expect(try await rig.collect(.get(url)).get().head.status == 200)
        await rig.shutdown()
        withExtendedLifetime(program) {}
    }

    @Test(arguments: ["server.key", "locked.key", "client.crt"])
    func `a key that does not open its certificate is a matter of the settings`(key: String) async throws {
        let (program, port) = try await server()
        var settings = settings()
        settings.clientCertificatePEM = certificates.pem("client.crt")
        settings.clientKeyPEM = certificates.pem(key)
        let failure = await failure(settings, "https://127.0.0.1:\(port)/")
        #expect(failure?.kind == .tls(.settings))
        withExtendedLifetime(program) {}
    }

    @Test func `an authority that is no certificate is a matter of the settings`() async throws {
        let (program, port) = try await server()
        var settings = settings()
        settings.caPEM = Array("-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n".utf8)
        #expect(await failure(settings, "https://127.0.0.1:\(port)/")?.kind == .tls(.settings))
        withExtendedLifetime(program) {}
    }

    @Test func `old TLS is not spoken`() async throws {
        let (program, port) = try await server("server", "-www", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0")
        #expect(await failure(settings(), "https://127.0.0.1:\(port)/")?.kind == .tls(.handshake))
        withExtendedLifetime(program) {}
    }

    @Test func `a proxy behind TLS may be certified by the given authority`() async throws {
        let (program, port) = try await server("server", "-ign_eof")
        var settings = settings()
        settings.proxyURL = "https://127.0.0.1:\(port)"
        let rig = Rig(settings)
        async let failure = rig.failure(.get("https://api.prod.example.internal:6443/"))
        #expect(await program.line("CONNECT ") == "api.prod.example.internal:6443 HTTP/1.1\r")
        program.type("HTTP/1.1 502 Bad Gateway\r\n\r\n")
        #expect(await failure?.kind == .proxy)
        await rig.shutdown()
    }

    @Test func `a proxy behind TLS that nobody certified is not used`() async throws {
        let (program, port) = try await server()
        var settings = settings(ca: "other.crt")
        settings.proxyURL = "https://127.0.0.1:\(port)"
        let failure = await failure(settings, "https://api.prod.example.internal:6443/")
        #expect(failure?.kind == .proxy)
        #expect(failure?.message.hasPrefix("TLS with the proxy 127.0.0.1:\(port) failed: ") == true)
        withExtendedLifetime(program) {}
    }

    @Test(.enabled(if: Program.python != nil, "needs python3"))
    func `a TLS server without HTTP/2 gets a connection for each stream`() async throws {
        let script = """
            import http.server, ssl, sys
            class Handler(http.server.BaseHTTPRequestHandler):
                protocol_version = "HTTP/1.1"
                def do_GET(self):
                    self.send_response(200)
                    self.send_header("Transfer-Encoding", "chunked")
                    self.end_headers()
                    self.wfile.write(b"5\\r\\nline\\n\\r\\n")
                    self.rfile.read(1)
                def log_message(self, *arguments):
                    pass
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(sys.argv[1], sys.argv[2])
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
            print("port", server.server_port, flush=True)
            server.serve_forever()
            """
        let program = try Program(
            try #require(Program.python),
            ["-c", script, certificates.path("server.crt"), certificates.path("server.key")]
        )
        let port = await program.line("port ")
        let rig = Rig(settings())
        for count in [12, 6] {
            let watches = (0..<count).map { _ in rig.follow(.stream("https://127.0.0.1:\(port)/")) }
            for watch in watches {
                #expect(await watch.next() == .head(200))
                #expect(await watch.text(5) == "line\n")
            }
        }
        #expect(await rig.on(\.openConnections) == 18)
        await rig.shutdown()
        withExtendedLifetime(program) {}
    }
}
