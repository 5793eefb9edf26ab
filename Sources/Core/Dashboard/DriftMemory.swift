package import Kube

/// What the ledger knows of drift that clusters tell no more, or not all of.
package struct DriftMemory: Equatable, Sendable {
    /// What was put back lately, the newest first.
    package var corrected: [CorrectedDrift]
    /// What an earlier weir saw begin.
    package var open: [OpenDrift]

    package init(corrected: [CorrectedDrift] = [], open: [OpenDrift] = []) {
        self.corrected = corrected
        self.open = open
    }

    var byCluster: [ClusterID: DriftMemory] {
        var result = Dictionary(grouping: corrected, by: \.applier.cluster).mapValues {
            DriftMemory(corrected: $0)
        }
        for drift in open {
            result[drift.applier.cluster, default: DriftMemory()].open.append(drift)
        }
        return result
    }
}
