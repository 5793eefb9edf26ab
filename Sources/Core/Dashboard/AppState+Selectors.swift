package import Chrono
package import Git
import HashTreeCollections
package import Kube

extension AppState {
    /// An object as last heard of.
    package func resource(_ ref: ObjectRef) -> FluxResource? {
        clusters[ref.cluster]?.snapshot.resources[ref]
    }

    package func profile(_ cluster: ClusterID) -> ClusterProfile {
        clusters[cluster]?.profile ?? ClusterProfile(id: cluster)
    }

    /// The cluster that the fleet's panes follow.
    package var selectedCluster: ClusterPicture? {
        fleet.cluster.flatMap { clusters[$0] }
    }

    /// True where nothing can be changed on the cluster through weir.
    package func isReadOnly(_ cluster: ClusterID) -> Bool {
        isReadOnly || profile(cluster).isReadOnly
    }

    /// The texts of one row; made for the rows that are drawn only.
    package func line(_ row: SyncRow) -> SyncLine {
        let resource = resource(row.ref)
        return SyncLine(
            row: row,
            path: row.ref.path,
            revision: resource?.revision?.short ?? "",
            message: message(row, resource),
            suspendedSince: row.state == .suspended ? resource?.suspendedSince : nil,
            isMarked: marks.contains(row.ref),
            resync: resyncs.phase(of: row.ref),
            isRetrying: resource?.isRetrying ?? false
        )
    }

    private func message(_ row: SyncRow, _ resource: FluxResource?) -> String {
        if row.state == .waiting, let dependency = row.waitsFor {
            return "waits for \(dependency.path)"
        }
        if row.state == .suspended {
            return resource?.suspensionWords ?? "suspended"
        }
        // "Applied revision: …" repeats the column beside it.
        return row.state == .ready ? upheaval(of: row.ref) ?? "" : resource?.message ?? ""
    }

    /// What happened to the ref that a source follows, in one sentence, until the source has taken it in.
    func upheaval(of ref: ObjectRef) -> String? {
        guard let picture = clusters[ref.cluster], let place = picture.behind.place(of: ref),
            picture.tracks[place].isSource, let head = picture.tracks[place].head,
            let repository = repositories[picture.tracks[place].repository],
            let upheaval = repository.upheavals[head],
            repository.heads[head] == nil || repository.heads[head] != picture.tracks[place].commit
        else {
            return nil
        }
        return upheaval.sentence(on: head)
    }

    /// What happened to the ref that the commits view lists other than new commits, in one sentence.
    package var shownUpheaval: String? {
        guard let ref = commits.query?.ref else {
            return nil
        }
        return shownRepository?.upheavals[ref]?.sentence(on: ref)
    }

    /// Who sits at a commit of the repository that the commits view shows, worst state first.
    package func markers(at commit: String) -> [CommitMarker] {
        guard let repository = commits.query?.repository else {
            return []
        }
        var found: [CommitMarker] = []
        for index in 0..<clusters.count {
            if let marker = clusters.values[index].marker(at: commit, of: repository) {
                found.append(marker)
            }
        }
        return found.sorted { ($0.state, $0.cluster) < ($1.state, $1.cluster) }
    }

    /// The repository that the commits view shows.
    package var shownRepository: RepositorySnapshot? {
        commits.query.flatMap { repositories[$0.repository] }
    }

    /// What is told of the last reconciliations of a cluster.
    package func statistics(of cluster: ClusterID, now: Timestamp) -> ReconcileStatistics {
        ReconcileStatistics(clusters[cluster]?.snapshot, now: now)
    }
}

extension ClusterPicture {
    func marker(at commit: String, of repository: RepositoryID) -> CommitMarker? {
        guard let standing = standings[CommitPlace(repository: repository, commit: commit)] else {
            return nil
        }
        return CommitMarker(
            cluster: profile.id,
            state: SyncState.allCases.first { standing.counts[$0] > 0 } ?? .unknown,
            count: standing.places.count,
            first: tracks[standing.places[0]].ref,
            isWhole: standing.places.count == applierCounts[repository]
        )
    }
}

extension ResyncQueue {
    /// Where the newest open resync of an object stands; nil where there is none.
    package func phase(of ref: ObjectRef) -> Resync.Phase? {
        all.last { $0.ref == ref && !$0.isEnded }?.phase
    }
}
