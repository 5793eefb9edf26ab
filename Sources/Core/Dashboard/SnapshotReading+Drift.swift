import Chrono
import HashTreeCollections
import Kube

// What sources and appliers tell of drift by themselves: fetched and not applied, offered and not deployed.
extension SnapshotReading {
    private mutating func note(
        _ kind: DriftRow.Kind,
        _ ref: ObjectRef,
        _ resource: FluxResource,
        since: Timestamp?,
        why: String? = nil
    ) {
        var row = DriftRow(
            kind: kind,
            about: ref,
            short: resource.kind.short,
            since: since,
            why: why ?? resource.lag,
            branch: ""
        )
        // Since when it lasts, and by when it should be over, is worked out with what is remembered.
        row.fetched = since
        row.expect(from: since, within: resource.applyPatience)
        drift.append(row)
    }

    /// A chart within the range that was fetched and is not what is deployed, or whose release did not go well.
    mutating func readChartDrift(
        _ ref: ObjectRef,
        _ resource: FluxResource,
        _ applier: ApplierFacts,
        _ offered: FluxResource
    ) {
        guard let fetched = offered.source?.artifact else {
            return
        }
        let newest = applier.history.first
        let hasFailed = newest.map { $0.status != "deployed" && !$0.isPending } ?? false
        // A release that failed and is tried again is not just under way.
        let why = hasFailed && resource.lag.isEmpty ? "the release failed" : resource.lag
        guard let applied = applier.lastApplied else {
            note(
                .apply(fetched: fetched.short, applied: "nothing"),
                ref,
                resource,
                since: offered.source?.artifactUpdated,
                why: why
            )
            return
        }
        let isOffered = applied.isChart(of: fetched)
        guard hasFailed || !isOffered else {
            return
        }
        // The same chart with other values: what runs is what was released before.
        note(
            .apply(fetched: fetched.short, applied: isOffered ? "an earlier release" : applied.short),
            ref,
            resource,
            since: isOffered ? newest?.lastReconciled : offered.source?.artifactUpdated,
            why: why
        )
    }

    /// An index that is newer than the one from which a chart was chosen.
    mutating func readIndexDrift(_ ref: ObjectRef, _ resource: FluxResource, _ source: SourceFacts) {
        guard let observed = source.observedIndex, let repository = source.chartSource,
            repository.kind == FluxKind.helmRepository.kind,
            let index = snapshot.resources[repository]?.source, let newest = index.artifact,
            newest != observed
        else {
            return
        }
        note(
            .index(chart: source.url, range: source.range ?? ""),
            ref,
            resource,
            since: index.artifactUpdated
        )
    }

    mutating func readApplyDrift(
        _ ref: ObjectRef,
        _ resource: FluxResource,
        _ applier: ApplierFacts,
        _ source: FluxResource
    ) {
        guard
            let fetched = source.source?.artifact, let applied = applier.lastApplied,
            fetched != applied, fetched.commit == nil || fetched.commit != applied.commit
        else {
            return
        }
        note(
            .apply(fetched: fetched.short, applied: applied.short),
            ref,
            resource,
            since: source.source?.artifactUpdated
        )
    }
}

extension Revision {
    /// True for the version of a chart that came in an artifact.
    ///
    /// - Source: helm-controller adds twelve digits of the digest to versions from OCI repositories.
    fileprivate func isChart(of artifact: Revision) -> Bool {
        guard text != artifact.text else {
            return true
        }
        guard let checksum = artifact.checksum else {
            return false
        }
        let parts = text.split(separator: "+", maxSplits: 1)
        if parts.count == 2, checksum.hasPrefix(parts[1]) {
            return true
        }
        // A tag that is no version, or a digest alone, tells no version to compare with.
        return artifact.pointer?.first?.isNumber != true || artifact.pointer.map { $0 == text } ?? true
    }
}
