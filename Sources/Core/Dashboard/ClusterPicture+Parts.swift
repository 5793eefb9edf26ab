import Git
import HashTreeCollections
import Kube

/// An applier that reads a repository through another source, which takes in a part of it.
struct PartReading {
    let applier: ObjectRef
    /// The source that the applier names: an including GitRepository, or a generated ExternalArtifact.
    let source: ObjectRef
    /// The generator that makes the source; nil for an include.
    let maker: ObjectRef?
    let part: SourcePart
    let origin: SourcePart.Origin
    /// Where the source of the part stands in Git.
    let track: Track
}

extension ClusterPicture {
    /// The appliers that read a repository through includes and generated artifacts, by name.
    ///
    /// - Shape: worked out when it is asked for, which is once a plan.
    func partReadings(of repository: RepositoryID) -> [PartReading] {
        let origins = tracks.filter { $0.isSource && !$0.isPacked && $0.repository == repository }
        guard !origins.isEmpty else {
            return []
        }
        let byRef = Dictionary(origins.map { ($0.ref, $0) }) { first, _ in first }
        var readings: [PartReading] = []
        for (ref, resource) in snapshot.resources {
            guard let applier = resource.applier, let source = applier.source, let taken = parts(of: source)
            else {
                continue
            }
            let path = Track.normalised(path: applier.path ?? applier.chart)
            for part in taken.parts {
                guard let track = byRef[part.source] else {
                    continue
                }
                readings.append(
                    PartReading(
                        applier: ref,
                        source: source,
                        maker: taken.maker,
                        part: part,
                        origin: part.origin(ofPath: path),
                        track: track
                    )
                )
            }
        }
        return readings.sorted { $0.applier < $1.applier }
    }

    private func parts(of source: ObjectRef) -> (parts: [SourcePart], maker: ObjectRef?)? {
        switch snapshot.resources[source]?.source?.composition {
        case .includes(let parts): return (parts, nil)
        case .made(let maker):
            guard case .generates(let artifacts) = snapshot.resources[maker]?.source?.composition else {
                return nil
            }
            return (artifacts.compactMap { $0.parts(of: source.name) }.flatMap(\.self), maker)
        case .generates, nil: return nil
        }
    }
}

extension RevertPlan {
    /// True where the plan changes what an applier reads through another source; nil where that cannot be told.
    func changes(_ reading: PartReading) -> Bool? {
        let files = diff.paths.filter { reading.part.takes($0) }
        switch reading.origin {
        case .path(let path): return changedPaths.contains(path) && (diff.isCut || !files.isEmpty)
        case .below: return diff.isCut || !files.isEmpty
        case .elsewhere: return diff.isCut || !files.isEmpty ? nil : false
        }
    }
}
