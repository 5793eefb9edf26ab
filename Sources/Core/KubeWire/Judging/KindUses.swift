package import Kube

/// How many objects of each kind inventories name: what is worth a watch.
package struct KindUses: Sendable {
    private var uses: [GroupKind: Int] = [:]
    private var versions: [GroupKind: String] = [:]

    /// The kinds, those with most objects first.
    package var wanted: [(kind: GroupKind, version: String)] {
        uses.sorted { ($1.value, $0.key.kind, $0.key.group) < ($0.value, $1.key.kind, $1.key.group) }
            .map { ($0.key, versions[$0.key] ?? "v1") }
    }

    mutating func count(_ inventory: Inventory?, by step: Int) {
        for entry in inventory ?? Inventory() where !entry.isOfFlux && !entry.isBeyondJudgement {
            uses[entry.groupKind, default: 0] += step
            versions[entry.groupKind] = entry.version
            if uses[entry.groupKind] == 0 {
                uses[entry.groupKind] = nil
                versions[entry.groupKind] = nil
            }
        }
    }
}

extension InventoryEntry {
    package var groupKind: GroupKind { GroupKind(group: group, kind: kind) }

    package var isOfFlux: Bool { FluxKind.of(group: group, kind: kind) != nil }
}
