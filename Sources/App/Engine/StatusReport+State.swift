import Chrono
import Dashboard
import HashTreeCollections
import Kube

extension StatusReport {
    /// The fleet as the state has it, clusters in the order of the kubeconfig, resources by name.
    init(_ state: AppState, now: Timestamp) {
        self.init(
            generated: now.rfc3339,
            clusters: state.profiles.compactMap { state.clusters[$0.id] }.map {
                Cluster($0, state.standings(in: $0))
            }
        )
    }
}

extension StatusReport.Cluster {
    fileprivate init(_ picture: ClusterPicture, _ standings: [ObjectRef: SyncStanding]) {
        let snapshot = picture.snapshot
        let isLive = snapshot.link == .live
        var error = snapshot.link.problem
        if snapshot.link == .connecting {
            error = "no answer yet"
        }
        var missing: [ObjectRef: [String]] = [:]
        for object in snapshot.missing {
            missing[object.applier, default: []].append(object.entry.ref(in: snapshot.id).description)
        }
        self.init(
            name: picture.profile.displayName,
            group: picture.profile.group.isEmpty ? nil : picture.profile.group,
            reachable: isLive || snapshot.link == .withoutFlux,
            error: error,
            complete: snapshot.link == .withoutFlux || snapshot.isComplete && snapshot.readsAppliers,
            freshness: snapshot.isStale ? "stale" : isLive ? "live" : "none",
            confirmed: snapshot.confirmed?.rfc3339,
            serverVersion: snapshot.serverVersion,
            fluxVersion: snapshot.fluxVersion,
            notes: snapshot.notes + snapshot.kinds.compactMap { $1.note(of: $0) }.sorted(),
            resources: snapshot.resources.values.sorted { $0.ref < $1.ref }.map { resource in
                StatusReport.Resource(
                    resource,
                    standings[resource.ref],
                    missing: missing[resource.ref],
                    offered: resource.applier?.chartObject.flatMap {
                        snapshot.resources[$0]?.source?.artifact
                    }
                )
            }
        )
    }
}

extension StatusReport.Resource {
    fileprivate init(
        _ resource: FluxResource,
        _ standing: SyncStanding?,
        missing: [String]?,
        offered: Revision?
    ) {
        let behind = standing?.behind
        var here: Int?
        if case .commits(_, let touching, _) = behind {
            here = touching
        }
        self.init(
            kind: resource.ref.kind,
            namespace: resource.ref.namespace,
            name: resource.ref.name,
            state: resource.state.word,
            reason: resource.reason,
            message: resource.message,
            revision: resource.revision?.text,
            behind: behind?.count,
            behindHere: here,
            behindSince: standing?.since?.rfc3339,
            head: standing?.head,
            fetched: standing?.fetched?.text,
            why: standing?.cause?.words,
            suspended: resource.isSuspended,
            lastReconciled: resource.lastReconciled?.rfc3339,
            missing: missing?.sorted(),
            follows: resource.followsWords,
            offered: offered?.text,
            digest: resource.ociDigest,
            origin: resource.applier?.origin?.text ?? resource.source?.origin?.text
        )
    }
}

extension KindState {
    fileprivate func note(of kind: FluxKind) -> String? {
        switch self {
        case .listing, .watching: nil
        case .stale(let reason): "\(kind.plural) are stale: \(reason)"
        case .forbidden(let reason): "\(kind.plural) may not be read: \(reason)"
        }
    }
}

extension ClusterSnapshot {
    /// False where what runs on the cluster cannot be told, for the kinds that apply may not be read.
    fileprivate var readsAppliers: Bool {
        [FluxKind.kustomization, .helmRelease].allSatisfy { kind in
            if case .forbidden? = kinds[kind] { false } else { true }
        }
    }
}

extension FluxResource {
    fileprivate var followsWords: String? {
        if let applier {
            return applier.chartRange.map { "\(applier.chart ?? "chart") \($0)" }
        }
        guard let source else {
            return nil
        }
        return source.range ?? (source.follows == .none ? nil : source.follows.words)
    }

    fileprivate var ociDigest: String? {
        guard kind == .ociRepository, let artifact = source?.artifact, let algorithm = artifact.algorithm,
            let checksum = artifact.checksum
        else {
            return nil
        }
        return "\(algorithm):\(checksum)"
    }
}

extension SyncStanding.Cause {
    /// Without moments, which a script reads elsewhere.
    fileprivate var words: String {
        switch self {
        case .words(let words): words
        case .notDue(let ref, let every, _): "\(ref.description) runs every \(every.took)"
        }
    }
}
