import Chrono
package import Kube

/// By what the drift view is sorted.
package enum DriftSort: String, CaseIterable, Sendable {
    /// By cluster, and what weighs most first within each.
    case cluster
    /// The newest first.
    case since
    /// By who changed it; what has no name comes last.
    case who
    case kind

    func isBefore(_ left: DriftRow, _ right: DriftRow) -> Bool {
        switch self {
        case .cluster: break
        case .since:
            let (one, two) = (left.sortMoment, right.sortMoment)
            if one != two {
                return one > two
            }
        case .who where left.who.first != right.who.first:
            guard let one = left.who.first, let two = right.who.first else {
                return left.who.first != nil
            }
            return one < two
        case .kind where left.objectKind != right.objectKind: return left.objectKind < right.objectKind
        case .who, .kind: break
        }
        if left.about.cluster != right.about.cluster {
            return left.about.cluster < right.about.cluster
        }
        return DriftRow.isBefore(left, right)
    }
}

extension DriftRow {
    fileprivate var sortMoment: Int64 { (since ?? notBefore)?.nanoseconds ?? .min }
}

extension DriftRow: FleetRow {
    package var cluster: ClusterID { about.cluster }

    package static func isBefore(_ left: DriftRow, _ right: DriftRow, in order: DriftSort) -> Bool {
        order.isBefore(left, right)
    }
}
