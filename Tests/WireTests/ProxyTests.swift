import Testing
import Wire

struct ProxyTests {
    private static let environment = ProxyEnvironment([
        "HTTPS_PROXY": "http://secure:3128", "https_proxy": "http://small:3128", "http_proxy": "plain:3128",
        "ALL_PROXY": "http://all:3128",
        "NO_PROXY": " example.com, .dotted.org,*.starred.net ,10.1.0.0/16,192.0.2.7,192.0.2.8:6443,"
            + "[2001:db8::1],2001:db8:1::/48, ported.io:443,,:80",
    ])

    @Test(
        arguments: [
            ("https", "api.other.com", 6443, "http://secure:3128"),
            ("http", "api.other.com", 80, "http://plain:3128"),
            // Never through a proxy.
            ("https", "localhost", 6443, nil), ("https", "LOCALHOST", 6443, nil),
            ("https", "127.0.0.1", 6443, nil),
            ("https", "127.8.8.8", 6443, nil), ("https", "::1", 6443, nil),
            ("https", "::ffff:127.0.0.1", 1, nil),
            // A name means itself and all below it; with a dot, only those below.
            ("https", "example.com", 443, nil), ("https", "Api.Example.COM", 443, nil),
            ("https", "badexample.com", 443, "http://secure:3128"),
            ("https", "api.dotted.org", 443, nil), ("https", "dotted.org", 443, "http://secure:3128"),
            ("https", "api.starred.net", 443, nil), ("https", "starred.net", 443, "http://secure:3128"),
            // Networks and addresses mean addresses, never names.
            ("https", "10.1.255.1", 443, nil), ("https", "10.2.0.1", 443, "http://secure:3128"),
            ("https", "192.0.2.7", 443, nil), ("https", "::ffff:192.0.2.7", 443, nil),
            ("https", "192.0.2.8", 6443, nil), ("https", "192.0.2.8", 443, "http://secure:3128"),
            ("https", "2001:db8::1", 443, nil), ("https", "2001:db8::2", 443, "http://secure:3128"),
            ("https", "2001:db8:1:2::3", 443, nil), ("https", "2001:db8:2::", 443, "http://secure:3128"),
            // With a port, only that port.
            ("https", "a.ported.io", 443, nil), ("https", "ported.io", 6443, "http://secure:3128"),
        ] as [(String, String, Int, String?)]
    )
    func `the environment is read as Go reads it`(scheme: String, host: String, port: Int, proxy: String?) {
        #expect(Self.environment.proxy(scheme: scheme, host: host, port: port) == proxy)
    }

    @Test func `a star exempts everything, an empty value nothing`() {
        let star = ProxyEnvironment(["https_proxy": "socks5://p:1080", "no_proxy": "a.b,*"])
        #expect(star.proxy(scheme: "https", host: "example.com", port: 443) == nil)
        let empty = ProxyEnvironment(["HTTPS_PROXY": "", "https_proxy": "socks5://p:1080", "NO_PROXY": ""])
        #expect(empty.proxy(scheme: "https", host: "example.com", port: 443) == "socks5://p:1080")
        #expect(ProxyEnvironment([:]).proxy(scheme: "https", host: "example.com", port: 443) == nil)
    }

    @Test func `a proxy is asked for a tunnel, without the credentials of the server`() async {
        let log = Log()
        let proxy = LoopbackServer { peer in
            log.note(peer.readRequest())
            peer.answer("no", status: "407 Proxy Authentication Required")
        }
        var settings = ConnectionSettings.direct
        settings.proxyURL = "http://jane:secret@127.0.0.1:\(proxy.port)"
        let rig = Rig(settings)
        let exchange = HTTPExchange(
            url: "https://api.prod.example.internal:6443/version",
            headers: [("Authorization", "Bearer token")]
        )
        let failure = await rig.failure(exchange)
        #expect(failure?.kind == .proxy)
        #expect(
            failure?.message == "The proxy 127.0.0.1:\(proxy.port) refused a tunnel to "
                + "api.prod.example.internal:6443 (HTTP 407)."
        )
        let asked = log.entries.first ?? ""
        #expect(asked.hasPrefix("CONNECT api.prod.example.internal:6443 HTTP/1.1\r\n"))
        #expect(asked.contains("\r\nProxy-Authorization: Basic amFuZTpzZWNyZXQ=\r\n"))
        #expect(!asked.contains("Bearer"))
        await rig.shutdown()
    }

    @Test func `a tunnel goes to the address, whatever the server is called`() async {
        let log = Log()
        let proxy = LoopbackServer { peer in
            log.note(String(peer.readRequest().prefix { !$0.isNewline }))
            peer.answer("no", status: "403 Forbidden")
        }
        var settings = ConnectionSettings(serverName: "api.prod.example.internal")
        settings.environment = ProxyEnvironment([
            "HTTPS_PROXY": "127.0.0.1:\(proxy.port)", "NO_PROXY": "api.prod.example.internal",
        ])
        let rig = Rig(settings)
        #expect(await rig.failure(.get("https://198.51.100.7:6443/version"))?.kind == .proxy)
        #expect(log.entries == ["CONNECT 198.51.100.7:6443 HTTP/1.1"])
        await rig.shutdown()
    }

    @Test func `a proxy given for the cluster wins over the environment, even for loopback`() async {
        let wrong = LoopbackServer { peer in peer.answer("environment") }
        let right = LoopbackServer { peer in
            peer.answer(String(peer.readRequest().prefix { !$0.isNewline }))
        }
        let settings = ConnectionSettings(
            proxyURL: "http://127.0.0.1:\(right.port)",
            environment: ProxyEnvironment(["http_proxy": wrong.url, "NO_PROXY": "*"])
        )
        let rig = Rig(settings)
        #expect(await rig.collect(.get("http://127.0.0.1:9/a")).text == "GET http://127.0.0.1:9/a HTTP/1.1")
        await rig.shutdown()
    }

    @Test func `a SOCKS proxy gets the name and looks it up itself`() async {
        let log = Log()
        let proxy = LoopbackServer { peer in
            let methods = peer.read(2)
            _ = peer.read(Int(methods.last ?? 0))
            peer.send([5, 0])
            let start = peer.read(5)
            let name = peer.read(Int(start.last ?? 0))
            let port = peer.read(2).reduce(0) { $0 << 8 | Int($1) }
            log.note("type \(start[3]) \(String(decoding: name, as: UTF8.self)):\(port)")
            peer.send([5, 0, 0, 1, 127, 0, 0, 1, 0, 80])
            _ = peer.readRequest()
            peer.answer("through socks")
        }
        var settings = ConnectionSettings.direct
        settings.proxyURL = "socks5://127.0.0.1:\(proxy.port)"
        let rig = Rig(settings)
        #expect(await rig.collect(.get("http://api.prod.example.internal:8080/")).text == "through socks")
        #expect(log.entries == ["type 3 api.prod.example.internal:8080"])
        await rig.shutdown()
    }

    @Test(arguments: ["http", "socks5"])
    func `a proxy that is not there is named without its password`(scheme: String) async {
        await LoopbackServer.withClosedPort { port in
            var settings = ConnectionSettings.direct
            settings.proxyURL = "\(scheme)://jane:secret@127.0.0.1:\(port)"
            let rig = Rig(settings)
            let failure = await rig.failure(.get("http://api.prod.example.internal/"))
            #expect(failure?.kind == .proxy)
            #expect(failure?.message.hasPrefix("No connection to the proxy 127.0.0.1:\(port): ") == true)
            #expect(failure?.message.contains("secret") == false)
            await rig.shutdown()
        }
    }

    @Test func `a proxy of another kind is refused by name`() async {
        var settings = ConnectionSettings.direct
        settings.proxyURL = "ftp://127.0.0.1:3128"
        let rig = Rig(settings)
        let failure = await rig.failure(.get("http://api.prod.example.internal/"))
        #expect(failure?.kind == .proxy)
        #expect(failure?.message == "The proxy 127.0.0.1:3128 has the unsupported scheme \"ftp\".")
        await rig.shutdown()
    }
}
