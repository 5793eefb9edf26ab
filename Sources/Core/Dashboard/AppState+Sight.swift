import Git
import HashTreeCollections
package import Kube

// How much of the fleet was really compared with Git: only what was looked at can be called level.
extension AppState {
    /// What of a cluster could not be compared with Git, one sentence each; empty where everything was.
    ///
    /// - Shape: what weir never looks at, by design, is in `exemptions`.
    package func blindSpots(of id: ClusterID) -> [String] {
        guard let picture = clusters[id] else {
            return []
        }
        let snapshot = picture.snapshot
        switch snapshot.link {
        case .withoutFlux: return []
        case .connecting: return ["no answer yet"]
        case .unreachable, .refused, .misconfigured: return [snapshot.link.problem].compactMap(\.self)
        case .live: break
        }
        var spots = snapshot.kinds.sorted { $0.key.plural < $1.key.plural }
            .filter { [.source, .applier].contains($0.key.category) }
            .compactMap { $1.blindSpot(of: $0) }
        if !snapshot.knowsObjects {
            spots.append("not every object of inventories was looked at yet")
        }
        let rules = picture.unreadRules.sorted { $0.key < $1.key }.map { ref, problem in
            "\(ref.description): what it lets differ cannot be told: \(problem); it counts as drift"
        }
        return spots + snapshot.blindSpots + rules + gitBlindSpots(picture)
    }

    /// Whether the cluster and its repositories could be read; single objects may still be unknown.
    package func isCompared(_ id: ClusterID) -> Bool {
        guard let picture = clusters[id] else {
            return false
        }
        let snapshot = picture.snapshot
        guard snapshot.link == .live else {
            return snapshot.link == .withoutFlux
        }
        return snapshot.knowsObjects && snapshot.blindSpots.isEmpty && picture.measuring.isEmpty
            && picture.unreadRules.isEmpty
            && snapshot.kinds.allSatisfy { $1 == .watching || ![.source, .applier].contains($0.category) }
            && picture.repositories.allSatisfy { repositories[$0]?.health.isReadable ?? false }
    }

    /// Clusters of which it cannot be said that nothing differs.
    package var clustersNotCompared: [ClusterID] {
        profiles.map(\.id).filter { !isCompared($0) }
    }

    private func gitBlindSpots(_ picture: ClusterPicture) -> [String] {
        var spots: [String] = []
        var unread: Set<RepositoryID> = []
        for id in picture.repositories.sorted() {
            switch repositories[id]?.health {
            case .current: continue
            case .failed(let reason): spots.append("\(id) cannot be read: \(reason)")
            case .never, .fetching, nil:
                guard repositories[id]?.heads.isEmpty ?? true else {
                    continue
                }
                spots.append("\(id) was not read yet")
            }
            unread.insert(id)
        }
        var unknown: [String] = []
        for (track, behind) in zip(picture.tracks, picture.behind.values)
        where !unread.contains(track.repository) {
            switch behind {
            case .unknown(let why): unknown.append("\(track.ref.description): \(why)")
            case .measuring:
                unknown.append("\(track.ref.description): its distance from Git is not known yet")
            case .notApplicable, .pinned, .diverged, .commits: break
            }
        }
        let rest = unknown.count - AppState.sentenceLimit
        return spots + unknown.prefix(AppState.sentenceLimit)
            + (rest > 0 ? ["\(rest) more whose distance from Git is not known"] : [])
    }

    /// More sentences of one sort are counted, not shown.
    private static let sentenceLimit = 5

    /// What weir does not look at by design, one sentence each: nothing is said of such objects.
    package func exemptions(of id: ClusterID) -> [String] {
        guard let snapshot = clusters[id]?.snapshot else {
            return []
        }
        var remote: [String] = []
        var withoutInventory: [String] = []
        var others: [String] = []
        var unwatched = 0
        for (ref, resource) in snapshot.resources {
            guard let applier = resource.applier else {
                continue
            }
            if applier.isRemote {
                remote.append(ref.description)
            } else if ![.kustomization, .helmRelease].contains(resource.kind) {
                if !applier.inventory.isEmpty {
                    others.append(ref.description)
                }
            } else if applier.inventory.isEmpty {
                if resource.kind == .helmRelease, applier.lastApplied != nil {
                    withoutInventory.append(ref.description)
                }
            } else {
                unwatched += applier.inventory.count { $0.isBeyondJudgement }
            }
        }
        return [
            AppState.sentence(remote, "their objects are on other clusters (spec.kubeConfig)"),
            AppState.sentence(
                withoutInventory,
                "they keep no inventory (Flux before 2.8); told is only what is deleted while weir watches"
            ),
            AppState.sentence(others, "only Kustomizations and HelmReleases mark their objects"),
            unwatched > 0 ? "\(unwatched) Secrets and Jobs are not watched" : nil,
        ].compactMap(\.self)
    }

    private static func sentence(_ names: [String], _ why: String) -> String? {
        guard !names.isEmpty else {
            return nil
        }
        let shown = names.sorted().prefix(sentenceLimit).joined(separator: ", ")
        let rest = names.count - min(names.count, sentenceLimit)
        return "objects of \(shown)\(rest > 0 ? " and \(rest) more" : ""): \(why)"
    }
}

extension RepositorySnapshot.Health {
    /// False where the heads that are known may be of long ago, or are none.
    fileprivate var isReadable: Bool {
        switch self {
        case .current, .fetching: true
        case .never, .failed: false
        }
    }
}

extension KindState {
    fileprivate func blindSpot(of kind: FluxKind) -> String? {
        switch self {
        case .watching: nil
        case .listing: "\(kind.plural) were not listed yet"
        case .stale(let reason): "\(kind.plural) are stale: \(reason)"
        case .forbidden(let reason): "\(kind.plural) may not be read: \(reason)"
        }
    }
}
