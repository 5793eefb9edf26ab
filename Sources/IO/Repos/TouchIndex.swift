import Git

/// The places of many reaches as one tree of names, so that a change is held against all of them in one descent.
struct TouchIndex: Sendable {
    private struct Node: Sendable {
        var children: [String: Int] = [:]
        var owners: [Int] = []
    }

    private var nodes = [Node()]

    /// - Shape: a reach is known by its position from here on.
    init(_ reaches: [KustomizeReach]) {
        for (owner, reach) in reaches.enumerated() {
            for place in reach.places {
                add(place, owner)
            }
        }
    }

    /// One path, by itself.
    init(path: String) {
        add(path, 0)
    }

    func hasChildren(_ node: Int) -> Bool { !nodes[node].children.isEmpty }

    func child(_ name: String, of node: Int) -> Int? { nodes[node].children[name] }

    /// Those for which everything from this node on counts.
    func owners(of node: Int) -> [Int] { nodes[node].owners }

    private mutating func add(_ place: String, _ owner: Int) {
        var node = 0
        for part in place.split(separator: "/") {
            if let next = nodes[node].children[String(part)] {
                node = next
                continue
            }
            nodes.append(Node())
            nodes[node].children[String(part)] = nodes.count - 1
            node = nodes.count - 1
        }
        nodes[node].owners.append(owner)
    }
}
