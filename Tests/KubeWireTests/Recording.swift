import Foundation
import Kube
import KubeWire
import Testing

/// One recorded exchange of Tests/Fixtures/wire.
struct Recording: CustomTestStringConvertible, Sendable {
    struct Meta: Decodable {
        let status: Int
        let chunks: [Int]
        let ended: String
    }

    let name: String

    var testDescription: String { name }

    var body: [UInt8] {
        get throws { try Fixture.bytes("wire/\(name)/response.body") }
    }

    var meta: Meta {
        get throws {
            try JSONDecoder().decode(Meta.self, from: Data(Fixture.bytes("wire/\(name)/meta.json")))
        }
    }

    /// The body in the chunks in which it came.
    var chunks: [[UInt8]] {
        get throws {
            var rest = try body[...]
            var chunks: [[UInt8]] = []
            for size in try meta.chunks {
                chunks.append(Array(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            return chunks + (rest.isEmpty ? [] : [Array(rest)])
        }
    }

    /// The value of a response header, by its name in lower case.
    func header(_ name: String) throws -> String? {
        let head = String(decoding: try Fixture.bytes("wire/\(self.name)/response.head"), as: UTF8.self)
        for line in head.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == name else {
                continue
            }
            return line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        return nil
    }

    /// The answer as weir reads it where it is no success.
    var status: KubeStatus {
        get throws {
            KubeStatus.decode(
                code: try meta.status,
                contentType: try header("content-type"),
                retryAfter: try header("retry-after"),
                body: try body
            )
        }
    }

    /// Method, path, query, the Accept header and the body as they were sent.
    var request: (line: String, query: [String: String], accept: String?, type: String?, body: String) {
        get throws {
            let text = String(decoding: try Fixture.bytes("wire/\(name)/request.http"), as: UTF8.self)
            let parts = text.components(separatedBy: "\r\n\r\n")
            let lines = parts[0].components(separatedBy: "\r\n")
            let words = lines[0].split(separator: " ")
            let target = words[1].split(separator: "?", maxSplits: 1)
            var query: [String: String] = [:]
            for pair in target.count > 1 ? target[1].split(separator: "&") : [] {
                let sides = pair.split(separator: "=", maxSplits: 1).map { String($0) }
                query[sides[0]] = sides.count > 1 ? sides[1].removingPercentEncoding : ""
            }
            func header(_ name: String) -> String? {
                lines.first { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
            }
            return (
                "\(words[0]) \(target[0])", query, header("Accept"), header("Content-Type"),
                parts.count > 1 ? parts[1] : ""
            )
        }
    }

    /// The recordings whose number lies in a range, of those with an uncompressed body.
    static func all(_ numbers: ClosedRange<Int>) -> [Recording] {
        ((try? Fixture.names("wire")) ?? []).compactMap { name in
            guard let number = Int(name.prefix(3)), numbers.contains(number),
                (try? Fixture.bytes("wire/\(name)/response.body")) != nil
            else {
                return nil
            }
            return Recording(name: name)
        }
    }
}

let prod = ClusterID("prod-eu-1")
let kustomizations = ServedResource(
    group: FluxKind.kustomizeGroup,
    version: "v1",
    kind: "Kustomization",
    plural: "kustomizations"
)
let deployments = ServedResource(group: "apps", version: "v1", kind: "Deployment", plural: "deployments")
