/// One way in which a simulated cluster misbehaves.
package struct Fault: Sendable, Equatable {
    /// The ways to go wrong.
    package enum Kind: Sendable, Equatable {
        /// Nobody listens on the port; open connections are cut.
        case down
        /// Connections are accepted and then nothing happens, not even TLS.
        case mute
        /// Requests are never answered.
        case hang
        /// The head of an answer comes, its body never does.
        case stall
        /// Every answer takes longer, in milliseconds.
        case slow(Int)
        /// Bodies come at this many bytes a second.
        case drip(Int)
        /// Bodies, and the lines of watches, end after this many bytes with the connection.
        case cut(Int)
        /// The same with a TCP reset.
        case reset(Int)
        /// An answer of this HTTP status; the number is the `Retry-After` of 429 and 503, in seconds.
        case status(Int, retryAfter: Int)
        /// Lists and watches are refused as right after a start, while the server fills its caches.
        case initializing
        /// History is forgotten: every watch, exact list and continue token is answered with 410.
        case gone
        /// Connections are asked to go elsewhere after each answer.
        case goaway
        /// Answers are no JSON.
        case garbage
        /// Answers are the page of a load balancer.
        case html
        /// HTTP/2 is not offered.
        case http1
        /// The server shows a certificate of an authority that nobody trusts.
        case wrongCertificate
        /// The server shows a certificate that has run out.
        case expiredCertificate
        /// Tokens of before are not accepted, but with `.NUMBER` behind them.
        case revoked(Int)
        /// The server's clock is this many seconds ahead.
        case skew(Int)
        /// Once: running watches end in good order.
        case end
        /// Once: running watches fall silent, and nobody says so.
        case freeze
        /// Once: what the cluster holds is kept for a later `restore`.
        case backup
        /// Once: the cluster goes back to its backup, older versions and all, and all connections break.
        case restore
    }

    /// What goes wrong.
    package let kind: Kind
    /// Which requests suffer; empty means all.
    package var only: Set<RequestClass>
    /// Only requests in this namespace suffer; nil means all.
    package var namespace: String?
    /// Only requests for this kind in plural suffer; nil means all.
    package var resource: String?
    /// How often it strikes before it is over; nil means until it is cleared.
    package var times: Int?

    /// A fault of a kind, which strikes everybody and does not end by itself unless told otherwise.
    package init(_ kind: Kind, only: Set<RequestClass> = [], namespace: String? = nil, times: Int? = nil) {
        self.kind = kind
        self.only = only
        self.namespace = namespace
        self.times = times
    }

    /// Whether it is about requests rather than about connections.
    var strikesRequests: Bool {
        switch kind {
        case .down, .mute, .http1, .wrongCertificate, .expiredCertificate, .revoked, .skew: false
        default: true
        }
    }

    /// Whether it happens once and is over.
    var isMoment: Bool { [.end, .freeze, .backup, .restore].contains(kind) }
}

extension Fault: CustomStringConvertible {
    /// Why a fault could not be read.
    package struct Problem: Error, CustomStringConvertible {
        /// One sentence without a full stop.
        package let description: String
    }

    /// The names that can be read, for help texts.
    package static let names = [
        "down", "mute", "hang", "stall", "slow:MS", "drip:BYTES", "cut:BYTES", "reset:BYTES", "401", "403",
        "404",
        "429:SECONDS", "500", "502", "503:SECONDS", "504", "initializing", "gone", "goaway", "garbage",
        "html", "http1",
        "wrong-certificate", "expired-certificate", "revoked:NUMBER", "skew:SECONDS", "end", "freeze",
        "backup",
        "restore",
    ]

    /// Reads `KIND[:NUMBER][,only=CLASS+CLASS][,namespace=NAME][,resource=PLURAL][,times=NUMBER]`.
    package init(parsing text: String) throws(Problem) {
        var fields = text.split(separator: ",").map(String.init)
        guard !fields.isEmpty else { throw Problem(description: "a fault needs a name") }
        let head = fields.removeFirst().split(separator: ":", maxSplits: 1).map(String.init)
        var number: Int?
        if head.count > 1 {
            guard let value = Int(head[1]), value >= 0 else {
                throw Problem(description: "\"\(head[1])\" in fault \"\(text)\" is no number")
            }
            number = value
        }
        guard let kind = Self.kind(head.first ?? "", number) else {
            throw Problem(
                description:
                    "unknown fault \"\(head.first ?? "")\"; there are \(Self.names.joined(separator: ", "))"
            )
        }
        self.init(kind)
        for field in fields { try read(field) }
    }

    private mutating func read(_ field: String) throws(Problem) {
        let pair = field.split(separator: "=", maxSplits: 1).map(String.init)
        guard pair.count == 2 else { throw Problem(description: "\"\(field)\" is not NAME=VALUE") }
        switch pair[0] {
        case "only":
            for word in pair[1].split(separator: "+") {
                guard let found = RequestClass(rawValue: String(word)) else {
                    let known = RequestClass.allCases.map(\.rawValue).joined(separator: ", ")
                    throw Problem(description: "unknown class of requests \"\(word)\"; there are \(known)")
                }
                only.insert(found)
            }
        case "namespace": namespace = pair[1]
        case "resource": resource = pair[1]
        case "times":
            guard let value = Int(pair[1]), value > 0 else {
                throw Problem(description: "\"\(field)\" needs a number above 0")
            }
            times = value
        default:
            throw Problem(
                description:
                    "unknown option \"\(pair[0])\" of a fault; there are only, namespace, resource, times"
            )
        }
    }

    private static func kind(_ name: String, _ number: Int?) -> Kind? {
        switch name {
        case "down": .down
        case "mute": .mute
        case "hang": .hang
        case "stall": .stall
        case "slow": .slow(number ?? 1_000)
        case "drip": .drip(max(number ?? 200, 1))
        case "cut": .cut(number ?? 300)
        case "reset": .reset(number ?? 300)
        case "401", "403", "404", "500", "502", "504": Int(name).map { .status($0, retryAfter: 0) }
        case "429": .status(429, retryAfter: number ?? 1)
        case "503": .status(503, retryAfter: number ?? 0)
        case "initializing": .initializing
        case "gone": .gone
        case "goaway": .goaway
        case "garbage": .garbage
        case "html": .html
        case "http1": .http1
        case "wrong-certificate": .wrongCertificate
        case "expired-certificate": .expiredCertificate
        case "revoked": .revoked(number ?? 1)
        case "skew": .skew(number ?? 600)
        case "end": .end
        case "freeze": .freeze
        case "backup": .backup
        case "restore": .restore
        default: nil
        }
    }

    /// The text that reads as this fault.
    package var description: String {
        var text =
            switch kind {
            case .down: "down"
            case .mute: "mute"
            case .hang: "hang"
            case .stall: "stall"
            case .slow(let milliseconds): "slow:\(milliseconds)"
            case .drip(let bytes): "drip:\(bytes)"
            case .cut(let bytes): "cut:\(bytes)"
            case .reset(let bytes): "reset:\(bytes)"
            case .status(let code, let seconds): seconds > 0 ? "\(code):\(seconds)" : "\(code)"
            case .initializing: "initializing"
            case .gone: "gone"
            case .goaway: "goaway"
            case .garbage: "garbage"
            case .html: "html"
            case .http1: "http1"
            case .wrongCertificate: "wrong-certificate"
            case .expiredCertificate: "expired-certificate"
            case .revoked(let number): "revoked:\(number)"
            case .skew(let seconds): "skew:\(seconds)"
            case .end: "end"
            case .freeze: "freeze"
            case .backup: "backup"
            case .restore: "restore"
            }
        if !only.isEmpty { text += ",only=" + only.map(\.rawValue).sorted().joined(separator: "+") }
        if let namespace { text += ",namespace=\(namespace)" }
        if let resource { text += ",resource=\(resource)" }
        if let times { text += ",times=\(times)" }
        return text
    }
}
