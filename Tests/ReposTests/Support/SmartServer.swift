import Foundation

/// Git over HTTP: a small web server around `git http-backend`, with basic auth where asked.
final class SmartServer {
    let port: Int
    private let process: LineProcess

    /// For TLS by name: libgit2 with mbedTLS knows no addresses in certificates.
    var url: String { "\(scheme)://\(scheme == "https" ? "localhost" : "127.0.0.1"):\(port)/remote.git" }
    private let scheme: String

    /// Nil where python3 is missing.
    init?(_ bench: Bench, user: String? = nil, password: String? = nil, isSecure: Bool = false) throws {
        try SmartServer.script.write(toFile: "\(bench.root)/server.py", atomically: true, encoding: .utf8)
        try bench.git("config", "http.receivepack", "true", in: bench.remote)
        var environment = bench.environment
        environment["GIT_PROJECT_ROOT"] = bench.root
        environment["GIT_HTTP_EXPORT_ALL"] = "1"
        environment["WANTED"] = user.map { Data("\($0):\(password ?? "")".utf8).base64EncodedString() } ?? ""
        environment["CERTIFICATE"] = isSecure ? TestAuthority.shared.certificate : ""
        environment["KEY"] = isSecure ? TestAuthority.shared.key : ""
        scheme = isSecure ? "https" : "http"
        // Where python3 is a wrapper, it finds itself by the user's home.
        environment["GIT_HOME"] = environment["HOME"]
        environment["HOME"] = ProcessInfo.processInfo.environment["HOME"]
        let command = ["python3", "-u", "\(bench.root)/server.py"]
        process = try LineProcess(command, environment: environment, of: bench)
        guard
            let line = process.line(holding: "port "), let last = line.split(separator: " ").last,
            let number = Int(last)
        else {
            return nil
        }
        port = number
    }

    private static let script = """
        import os, ssl, subprocess, http.server, urllib.parse

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *arguments):
                pass

            def body(self):
                if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
                    data = b""
                    while True:
                        size = int(self.rfile.readline().split(b";")[0], 16)
                        data += self.rfile.read(size)
                        self.rfile.readline()
                        if size == 0:
                            return data
                return self.rfile.read(int(self.headers.get("Content-Length", 0)))

            def serve(self):
                data = self.body()
                wanted = os.environ["WANTED"]
                if wanted and self.headers.get("Authorization") != "Basic " + wanted:
                    self.send_response(401)
                    self.send_header("WWW-Authenticate", 'Basic realm="test"')
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                parts = urllib.parse.urlsplit(self.path)
                environment = dict(os.environ, HOME=os.environ["GIT_HOME"])
                environment.update({
                    "REQUEST_METHOD": self.command, "PATH_INFO": parts.path, "QUERY_STRING": parts.query,
                    "CONTENT_TYPE": self.headers.get("Content-Type", ""), "CONTENT_LENGTH": str(len(data)),
                    "REMOTE_USER": "test" if wanted else "", "REMOTE_ADDR": "127.0.0.1",
                })
                answer = subprocess.run(["git", "http-backend"], input=data, env=environment,
                    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
                head, _, content = answer.partition(b"\\r\\n\\r\\n")
                status, headers = 200, []
                for line in head.decode("latin-1").split("\\r\\n"):
                    name, _, value = line.partition(": ")
                    if name.lower() == "status":
                        status = int(value.split()[0])
                    elif name:
                        headers.append((name, value))
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = serve
            do_POST = serve

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if os.environ["CERTIFICATE"]:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(os.environ["CERTIFICATE"], os.environ["KEY"])
            server.socket = context.wrap_socket(server.socket, server_side=True)
        print("port", server.server_address[1], flush=True)
        server.serve_forever()
        """
}
