import Foundation

/// Writes the events of one watch in the form that the client asked for.
struct WatchLines {
    let type: ResourceType
    let form: Representation.Form
    let rows: Presentation.RowObject
    /// A Table says its columns in the first event only.
    private var hasSentColumns = false

    init(plan: WatchPlan) {
        type = plan.type
        form = plan.form
        rows = plan.rows
    }

    /// The event as a line with its line break.
    mutating func line(_ event: WatchEvent) -> Data {
        switch form {
        case .whole:
            return event.line
        case .partialMetadata, .partialMetadataList:
            return line(event, object: Presentation.partialMetadata(event.object))
        case .table:
            defer { hasSentColumns = true }
            let table = Presentation.table(
                [event.object],
                type: type,
                metadata: ["resourceVersion": .string(String(event.resourceVersion))],
                include: rows,
                columns: !hasSentColumns
            )
            return line(event, object: table)
        }
    }

    /// The line that ends a stream with a failure; it is a Status in every form.
    static func failure(_ failure: APIStatus) -> Data {
        var line = Data("{\"type\":\"ERROR\",\"object\":".utf8)
        line.append(WireText.encode(failure.body(), order: WireText.statusOrder))
        line.append(contentsOf: Data("}\n".utf8))
        return line
    }

    private func line(_ event: WatchEvent, object: JSON) -> Data {
        var line = Data("{\"type\":\"\(event.type.rawValue)\",\"object\":".utf8)
        line.append(WireText.encode(object))
        line.append(contentsOf: Data("}\n".utf8))
        return line
    }
}
