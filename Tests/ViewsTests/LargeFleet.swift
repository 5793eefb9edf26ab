import Chrono
import Dashboard
import Git
import HashTreeCollections
import Kube
import Screen
import Views

/// A hundred clusters of a thousand objects, all from one repository, with a head that most lie behind.
struct LargeFleet {
    static let url = "ssh://git@git.example/acme/large.git"
    static let id = RepositoryID(url: url)
    static let commits = (0..<40).map { number in
        SampleFleet.commit(String(number + 0x1000, radix: 16))
    }

    let clusters: [ClusterID]
    let size: Int

    init(clusters: Int = 100, size: Int = 1_000) {
        self.clusters = (0..<clusters).map { ClusterID("cluster-\($0 + 100)") }
        self.size = size
    }

    var repository: RepositorySnapshot {
        RepositorySnapshot(
            id: LargeFleet.id,
            url: LargeFleet.url,
            heads: ["refs/heads/main": LargeFleet.commits[0]],
            fetched: SampleFleet.now,
            health: .current
        )
    }

    func snapshot(_ place: Int) -> ClusterSnapshot {
        var snapshot = ClusterSnapshot(id: clusters[place], link: .live, journal: ChangeJournal())
        snapshot.confirmed = SampleFleet.now
        snapshot.kinds = [.gitRepository: .watching, .kustomization: .watching]
        let source = source(place)
        snapshot.put(source)
        for number in 1..<size {
            snapshot.put(applier(place, number, round: 0))
        }
        snapshot.events = (1..<min(size, 200)).map { event(of: applier(place, $0, round: 0), $0) }
        return snapshot
    }

    func event(of resource: FluxResource, _ age: Int) -> FluxEvent {
        FluxEvent(
            uid: "\(resource.ref.name)-\(resource.resourceVersion)",
            about: resource.ref,
            at: SampleFleet.ago(Int64(age)),
            isWarning: resource.state == .failed,
            reason: resource.ready?.reason ?? "",
            message: resource.message,
            count: 1,
            revision: nil
        )
    }

    private func source(_ place: Int) -> FluxResource {
        let ref = ObjectRef(
            cluster: clusters[place],
            group: FluxKind.gitRepository.group,
            kind: FluxKind.gitRepository.kind,
            namespace: "flux-system",
            name: "fleet"
        )
        var resource = FluxResource(ref: ref, kind: .gitRepository, state: .ready)
        resource.resourceVersion = "1"
        resource.source = SourceFacts(
            url: LargeFleet.url,
            follows: .branch("main"),
            artifact: Revision("main@sha1:\(LargeFleet.commits[0])"),
            artifactUpdated: SampleFleet.now
        )
        return resource
    }

    /// The applier as it is after so many changes.
    func applier(_ place: Int, _ number: Int, round: Int) -> FluxResource {
        let ref = ObjectRef(
            cluster: clusters[place],
            group: FluxKind.kustomization.group,
            kind: FluxKind.kustomization.kind,
            namespace: "team-\(number % 20)",
            name: "service-\(number)"
        )
        let isFailed = (number + round) % 97 == 0
        var resource = FluxResource(ref: ref, kind: .kustomization, state: isFailed ? .failed : .ready)
        resource.resourceVersion = "\(100 + round)"
        resource.interval = .seconds(600)
        resource.conditions = [
            Condition(
                type: "Ready",
                status: isFailed ? .no : .yes,
                reason: isFailed ? "HealthCheckFailed" : "ReconciliationSucceeded",
                message: isFailed ? "timeout waiting for Deployment/service-\(number)" : "Applied revision",
                lastTransition: SampleFleet.ago(Int64(number % 3_000))
            )
        ]
        let commit = LargeFleet.commits[(number + round) % 4]
        resource.applier = ApplierFacts(
            source: source(place).ref,
            path: "./apps/service-\(number)",
            prunes: true,
            lastApplied: Revision("main@sha1:\(commit)"),
            lastAttempted: Revision("main@sha1:\(commit)")
        )
        return resource
    }

    var log: [Commit] {
        LargeFleet.commits.enumerated().map { index, id in
            Commit(
                id: id,
                parents: index + 1 < LargeFleet.commits.count ? [LargeFleet.commits[index + 1]] : [],
                author: "dev",
                email: "dev@example.org",
                committed: SampleFleet.ago(Int64(index) * 60),
                subject: "change \(index)"
            )
        }
    }

    func distance(_ key: DistanceKey) -> Distance {
        .behind(commits: LargeFleet.commits.firstIndex(of: key.from) ?? 1, touching: 1)
    }
}
