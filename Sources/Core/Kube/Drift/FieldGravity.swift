/// How much it matters that a field is not what Git says: what runs before what it is called.
package enum FieldGravity: Int, Comparable, Sendable {
    case image, scale, command, resources, network, rights, content, other, podMetadata, label, annotation,
        metadata

    /// - Shape: `path` is in people's words, `spec.template.spec.containers[api].image`.
    package init(_ path: String) {
        let steps = FieldGravity.steps(path)
        if steps.first == "metadata" {
            self = steps.count < 2 ? .metadata : FieldGravity.marks[steps[1]] ?? .metadata
            return
        }
        if steps.dropFirst().contains("metadata") {
            self = .podMetadata
            return
        }
        // A container that was added runs as much as one whose image was changed.
        if steps.last == "containers" || steps.last == "initContainers" {
            self = .image
            return
        }
        if steps == ["spec", "type"] {
            self = .network
            return
        }
        // The last step that says something decides: of a port in a container it is the port.
        self = steps.reversed().lazy.compactMap { FieldGravity.named[$0] }.first ?? .other
    }

    package static func < (left: FieldGravity, right: FieldGravity) -> Bool {
        left.rawValue < right.rawValue
    }

    private static let marks: [String: FieldGravity] = ["labels": .label, "annotations": .annotation]

    private static let named: [String: FieldGravity] = [
        "image": .image, "chart": .image, "version": .image,
        "replicas": .scale, "minReplicas": .scale, "maxReplicas": .scale, "suspend": .scale,
        "schedule": .scale, "parallelism": .scale, "completions": .scale, "paused": .scale,
        "command": .command, "args": .command, "env": .command, "envFrom": .command,
        "resources": .resources, "limits": .resources, "requests": .resources,
        "ports": .network, "selector": .network, "clusterIP": .network, "host": .network,
        "hosts": .network, "rules": .network, "tls": .network, "ingress": .network, "egress": .network,
        "podSelector": .network,
        "securityContext": .rights, "serviceAccountName": .rights, "subjects": .rights, "roleRef": .rights,
        "verbs": .rights, "automountServiceAccountToken": .rights,
        "data": .content, "binaryData": .content, "stringData": .content,
    ]

    /// The names of a path without the items of lists and the keys in brackets.
    private static func steps(_ path: String) -> [String] {
        var steps: [String] = []
        var name = ""
        var depth = 0
        for character in path {
            switch character {
            case "[": depth += 1
            case "]": depth -= 1
            case "." where depth == 0:
                steps.append(name)
                name = ""
            default:
                if depth == 0 {
                    name.append(character)
                }
            }
        }
        steps.append(name)
        return steps.filter { !$0.isEmpty }
    }
}

extension Sequence {
    /// In the order in which differing fields are told: the gravest first, else as they were.
    package func gravestFirst(_ path: (Element) -> String) -> [Element] {
        enumerated().map { (gravity: FieldGravity(path($1)), place: $0, element: $1) }
            .sorted { ($0.gravity, $0.place) < ($1.gravity, $1.place) }
            .map(\.element)
    }
}
