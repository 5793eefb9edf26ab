import Foundation

/// Writes the events of one watch in the form that the client asked for.
struct WatchLines {
    let type: ResourceType
    let form: Representation.Form
    let rows: Presentation.RowObject
    private let log: ControllerLog?
    /// A Table says its columns in the first event only.
    private var hasSentColumns = false

    init(plan: WatchPlan) {
        type = plan.type
        form = plan.form
        rows = plan.rows
        log = plan.log
    }

    /// The event as a line with its line break; empty where it is not to be told.
    mutating func line(_ event: WatchEvent) -> Data {
        // A failure is a Status in every form.
        guard event.type != .error else { return event.line }
        if let log { return event.type == .deleted ? Data() : log.line(event.object) ?? Data() }
        switch form {
        case .whole: return event.line
        case .partialMetadata, .partialMetadataList: return event.metadataLine
        case .table:
            defer { hasSentColumns = true }
            let table = Presentation.table(
                [event.object],
                type: type,
                metadata: ["resourceVersion": .string(String(event.resourceVersion))],
                include: rows,
                columns: !hasSentColumns
            )
            return event.line(carrying: Presentation.encode(table, include: rows))
        }
    }

    /// The line that ends a stream with a failure; it is a Status in every form.
    static func failure(_ failure: APIStatus) -> Data {
        var line = Data("{\"type\":\"ERROR\",\"object\":".utf8)
        line.append(Presentation.encode(failure.body()))
        line.append(contentsOf: "}\n".utf8)
        return line
    }
}
