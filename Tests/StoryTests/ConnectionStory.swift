import Foundation
import Keys
import ProxyTesting
import Screen
import TerminalTesting
import Testing

/// Getting in: plugins that ask on the terminal, and the doctor.
@Suite(.serialized)
struct ConnectionStory {
    /// Puts a plugin that asks for a code in the place of the administrator's token.
    private func demandCode(_ box: FleetBox) throws {
        let text = try String(contentsOfFile: box.kubeconfig, encoding: .utf8)
        let token = try #require(text.firstMatch(of: /\n    token: (\S+)/))
        let script = box.directory.appending(path: "sign-in")
        try """
        #!/bin/sh
        printf 'One-time code: ' >&2
        read code
        [ "$code" = 4711 ] || exit 3
        printf '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1",'
        printf '"status":{"token":"%s"}}' '\(token.output.1)'
        """.write(to: script, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: script.path)
        let plugin = """

                exec:
                  apiVersion: client.authentication.k8s.io/v1
                  interactiveMode: Always
                  command: \(script.path)
            """
        try text.replacingCharacters(in: token.range, with: plugin)
            .write(toFile: box.kubeconfig, atomically: true, encoding: .utf8)
    }

    @Test
    func `a plugin that insists on the terminal asks before the screen opens`() throws {
        let box = try FleetBox(clusters: 1)
        try demandCode(box)
        let weir = try box.dashboard()
        try weir.wait(for: "One-time code:")
        #expect(!weir.picture.isAlternateScreen)
        try weir.type("4711")
        try weir.press(.enter)
        try weir.wait(for: "apps/catalog")
        #expect(weir.picture.isAlternateScreen)
        try weir.press(.character("Q"))
        #expect(try weir.waitForEnd() == .exited(0))
    }

    @Test
    func `a refresh of the row lends it the screen again`() throws {
        let box = try FleetBox(clusters: 1)
        try demandCode(box)
        let weir = try box.dashboard()
        try weir.wait(for: "One-time code:")
        try weir.type("wrong")
        try weir.press(.enter)
        try weir.wait(for: "wants the terminal")
        try weir.press(.control("r"))
        try weir.wait(for: "the question again") { !$0.isAlternateScreen && $0.shows("One-time code:") }
        try weir.type("4711")
        try weir.press(.enter)
        try weir.wait(for: "apps/catalog")
        try weir.press(.character("Q"))
        #expect(try weir.waitForEnd() == .exited(0))
    }

    private func report(_ outcome: FleetBox.Outcome) throws -> [String: Any] {
        try #require(
            try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any],
            "\(outcome.complaints)"
        )
    }

    @Test
    func `the doctor finds a healthy fleet healthy`() throws {
        let box = try FleetBox(clusters: 2)
        let outcome = try box.weir(["doctor", "-o", "json"])
        #expect(outcome.code == 0, "\(outcome.output)")
        let report = try report(outcome)
        let clusters = try #require(report["clusters"] as? [[String: Any]])
        #expect(clusters.count == 2)
        for cluster in clusters {
            #expect(cluster["reachable"] as? Bool == true)
            #expect(cluster["user"] as? String == "admin")
            #expect((cluster["kinds"] as? [[String: Any]])?.count == 19)
            let rights = try #require(cluster["rights"] as? [[String: Any]])
            #expect(!rights.isEmpty && rights.allSatisfy { $0["allowed"] as? Bool == true })
        }
        #expect(clusters.map { $0["credentials"] as? [String] } == [["token"], ["client certificate"]])
        let source = try #require((report["sources"] as? [[String: Any]])?.first)
        #expect(source["readable"] as? Bool == true && source["pushable"] as? Bool == true)
        #expect((report["terminal"] as? [String: Any])?["isTerminal"] as? Bool == false)
    }

    @Test(arguments: ["http", "socks5"])
    func `the doctor looks through a proxy, and never tells its password`(scheme: String) throws {
        let box = try FleetBox(clusters: 1)
        let proxy = TunnelProxy()
        let url = "\(scheme)://127.0.0.1:\(proxy.port)"
        let text = try String(contentsOfFile: box.kubeconfig, encoding: .utf8)
        let server = try #require(text.firstMatch(of: /\n( +)server: \S+/))
        let line = "\n\(server.output.1)proxy-url: \(url)"
        try text.replacing(/\n +server: \S+/) { "\($0.output)\(line)" }
            .write(toFile: box.kubeconfig, atomically: true, encoding: .utf8)
        let outcome = try box.weir(["doctor", "-o", "json"])
        #expect(outcome.code == 0, "\(outcome.output) \(outcome.complaints)")
        let cluster = try #require((try report(outcome)["clusters"] as? [[String: Any]])?.first)
        #expect(cluster["reachable"] as? Bool == true && cluster["proxy"] as? String == url)
        #expect(cluster["user"] as? String == "admin")
        #expect(proxy.asked.count == 1)

        // One that asks for a password and does not take it.
        proxy.refuse("407 Proxy Authentication Required")
        let login = url.replacing("://", with: "://jane:secret@")
        let closed = try String(contentsOfFile: box.kubeconfig, encoding: .utf8).replacing(url, with: login)
        try closed.write(toFile: box.kubeconfig, atomically: true, encoding: .utf8)
        guard scheme == "http" else {
            return
        }
        let refused = try box.weir(["doctor"])
        #expect(refused.code == 2 && refused.output.contains("407"), "\(refused.output)")
        #expect(!refused.output.contains("secret") && !refused.complaints.contains("secret"))
    }

    @Test
    func `the doctor names what is missing, and what cannot be reached`() throws {
        let box = try FleetBox(clusters: 2, ["--speed", "5", "--down", "prod-us"])
        let limited = try box.weir(["doctor"], on: ["prod-eu-viewer"])
        #expect(limited.code == 1)
        #expect(limited.output.contains("needs patch on"))
        let lost = try box.weir(["doctor"], on: ["prod-eu", "prod-us"])
        #expect(lost.code == 2)
        #expect(lost.output.contains("refused the connection"))
    }
}
