import Foundation
import NIOHTTP1

/// The marks by which a real server tells which of its queues served a request.
struct FlowMarks: Sendable {
    let schema: String
    let level: String

    init() {
        schema = UUID().uuidString.lowercased()
        level = UUID().uuidString.lowercased()
    }
}

extension APIAnswer {
    /// Packs a large body when the client can unpack it; a watch is never packed.
    mutating func compressIfLarge(for request: APIRequest) {
        guard case .data(let data) = body, data.count > Gzip.threshold else { return }
        guard Gzip.isAccepted(by: request.headers["Accept-Encoding"].joined(separator: ",")) else { return }
        guard let packed = Gzip.compress(data) else { return }
        body = .data(packed)
        headers.append(("Content-Encoding", "gzip"))
        headers.append(("Vary", "Accept-Encoding"))
    }

    /// All headers, in the order in which a real server sends them.
    ///
    /// A body longer than `lengthLimit` goes without `Content-Length`; the clock is `ahead` seconds wrong.
    func wireHeaders(flow: FlowMarks, lengthLimit: Int, isLast: Bool, ahead: Int = 0) -> HTTPHeaders {
        var fields = headers
        fields.append(("Audit-Id", UUID().uuidString.lowercased()))
        fields.append(("Cache-Control", cacheControl))
        if let contentType { fields.append(("Content-Type", contentType)) }
        fields.append(("X-Kubernetes-Pf-Flowschema-Uid", flow.schema))
        fields.append(("X-Kubernetes-Pf-Prioritylevel-Uid", flow.level))
        fields.sort { $0.name < $1.name }
        fields.append(("Date", Self.httpDate(Date(timeIntervalSinceNow: Double(ahead)))))
        if isLast { fields.append(("Connection", "close")) }
        switch body {
        case .data(let data) where data.count <= lengthLimit:
            fields.append(("Content-Length", String(data.count)))
        case .none where status != 304:
            fields.append(("Content-Length", "0"))
        default: break
        }
        return HTTPHeaders(fields.map { ($0.name, $0.value) })
    }

    /// The moment in the one form that HTTP allows.
    private static func httpDate(_ moment: Date) -> String {
        let calendar = Calendar(identifier: .gregorian)
        guard let zone = TimeZone(identifier: "GMT") else { return "" }
        let parts = calendar.dateComponents(in: zone, from: moment)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int?) -> String {
            let number = number ?? 0
            return number < 10 ? "0\(number)" : "\(number)"
        }
        let day = days[(parts.weekday ?? 1) - 1]
        let month = months[(parts.month ?? 1) - 1]
        let time = "\(two(parts.hour)):\(two(parts.minute)):\(two(parts.second))"
        return "\(day), \(two(parts.day)) \(month) \(parts.year ?? 0) \(time) GMT"
    }
}
