import Foundation

/// The columns of Tables: those of a definition for custom resources, those of kubectl for built-in kinds.
enum TableColumns {
    /// The columns of a kind, the name first.
    static func columns(of type: ResourceType) -> [PrinterColumn] {
        type.builtIn ? builtIn[type.kind] ?? [name, age] : [name] + type.printerColumns.map(described)
    }

    /// What stands in a column for an object.
    static func cell(_ column: PrinterColumn, _ object: JSON, type: ResourceType, now: Date) -> JSON {
        let named = object["metadata"]?["name"] != nil
        if type.builtIn, !column.path.hasPrefix(".") {
            return named ? computed(column.path, object) : .null
        }
        guard let value = PrinterPath(column.path)?.value(in: object) else {
            return column.path == name.path ? "" : .null
        }
        guard column.type == "date" else { return text(value, column.type) }
        guard let date = value.string.flatMap(WireTime.date) else { return "<unknown>" }
        return .string(WireTime.age(from: date, to: now))
    }

    private static func text(_ value: JSON, _ type: String) -> JSON {
        switch (type, value) {
        case ("string", .string), (_, .null): value
        case ("string", _): .string(value.text)
        default: value
        }
    }

    private static let name = PrinterColumn(
        "Name",
        ".metadata.name",
        format: "name",
        description:
            "Name must be unique within a namespace. Is required when creating resources, although some "
            + "resources may allow a client to request the generation of an appropriate name automatically. "
            + "Name is primarily intended for creation idempotence and configuration definition. Cannot be "
            + "updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names"
    )
    private static let age = PrinterColumn("Age", ".metadata.creationTimestamp", type: "date")

    private static func described(_ column: PrinterColumn) -> PrinterColumn {
        guard column.description.isEmpty else { return column }
        return PrinterColumn(
            column.name,
            column.path,
            type: column.type,
            priority: column.priority,
            format: column.format,
            description: "Custom resource definition column (in JSONPath format): \(column.path)"
        )
    }

    /// The columns of built-in kinds; a path without a dot names a computed cell.
    private static let builtIn: [String: [PrinterColumn]] = [
        "Namespace": [name, PrinterColumn("Status", ".status.phase"), age],
        "Pod": [
            name, PrinterColumn("Ready", "ready"), PrinterColumn("Status", ".status.phase"),
            PrinterColumn("Restarts", "restarts"), age,
        ],
        "Deployment": [
            name, PrinterColumn("Ready", "replicas"), PrinterColumn("Up-to-date", "updated", type: "integer"),
            PrinterColumn("Available", "available", type: "integer"), age,
            PrinterColumn("Containers", "containers", priority: 1),
            PrinterColumn("Images", "images", priority: 1),
            PrinterColumn("Selector", "selector", priority: 1),
        ],
        "StatefulSet": [name, PrinterColumn("Ready", "replicas"), age],
        "DaemonSet": [
            name, PrinterColumn("Desired", ".status.desiredNumberScheduled", type: "integer"),
            PrinterColumn("Current", ".status.currentNumberScheduled", type: "integer"),
            PrinterColumn("Ready", ".status.numberReady", type: "integer"), age,
        ],
        "ReplicaSet": [
            name, PrinterColumn("Desired", ".spec.replicas", type: "integer"),
            PrinterColumn("Current", ".status.replicas", type: "integer"),
            PrinterColumn("Ready", "available", type: "integer"), age,
        ],
        "Service": [
            name, PrinterColumn("Type", ".spec.type"), PrinterColumn("Cluster-IP", ".spec.clusterIP"),
            PrinterColumn("External-IP", "external"), PrinterColumn("Port(s)", "ports"), age,
        ],
        "ConfigMap": [name, PrinterColumn("Data", "data", type: "integer"), age],
        "Secret": [
            name, PrinterColumn("Type", ".type"), PrinterColumn("Data", "data", type: "integer"), age,
        ],
        "CustomResourceDefinition": [name, PrinterColumn("Created At", ".metadata.creationTimestamp")],
        "Event": [
            PrinterColumn("Last Seen", ".lastTimestamp", type: "date"), PrinterColumn("Type", ".type"),
            PrinterColumn("Reason", ".reason"), PrinterColumn("Object", "object"),
            PrinterColumn("Message", ".message"),
            PrinterColumn("Name", ".metadata.name", priority: 1, format: "name"),
        ],
    ]

    private static func containers(_ object: JSON, _ field: String) -> String {
        let containers = object.value(at: ["spec", "template", "spec", "containers"])?.array ?? []
        return containers.compactMap { $0[field]?.string }.joined(separator: ",")
    }

    private static func computed(_ cell: String, _ object: JSON) -> JSON {
        let status = object["status"]
        switch cell {
        case "replicas":
            let (ready, wanted) = (status?["readyReplicas"]?.int ?? 0, object["spec"]?["replicas"]?.int ?? 0)
            return .string("\(ready)/\(wanted)")
        case "containers": return .string(containers(object, "name"))
        case "images": return .string(containers(object, "image"))
        case "selector":
            let labels = object["spec"]?["selector"]?["matchLabels"]?.object ?? [:]
            return .string(
                labels.keys.sorted().map { "\($0)=\(labels[$0]?.string ?? "")" }.joined(separator: ",")
            )
        case "updated": return status?["updatedReplicas"] ?? 0
        case "available": return status?["availableReplicas"] ?? 0
        case "data": return .int(Int64(object["data"]?.object?.count ?? 0))
        case "external":
            return .string(object["spec"]?["type"]?.string == "LoadBalancer" ? "<pending>" : "<none>")
        case "ready":
            let states = status?["containerStatuses"]?.array ?? []
            let wanted = object["spec"]?["containers"]?.array?.count ?? 0
            return .string("\(states.count { $0["ready"]?.bool == true })/\(wanted)")
        case "restarts":
            let states = status?["containerStatuses"]?.array ?? []
            return .string(String(states.reduce(0) { $0 + ($1["restartCount"]?.int ?? 0) }))
        case "ports":
            let ports = (object["spec"]?["ports"]?.array ?? []).map { port in
                "\(port["port"]?.int ?? 0)/\(port["protocol"]?.string ?? "TCP")"
            }
            return .string(ports.isEmpty ? "<none>" : ports.joined(separator: ","))
        case "object":
            let involved = object["involvedObject"]
            return .string(
                "\((involved?["kind"]?.string ?? "").lowercased())/\(involved?["name"]?.string ?? "")"
            )
        default: return .null
        }
    }
}
