import Chrono
import Dashboard
import Git
import Kube
import Testing

/// From a drifted object to what exactly differs, and to the line that says otherwise.
struct ExactDriftTests {
    private static let entry = InventoryEntry(
        namespace: "apps",
        name: "api",
        group: "apps",
        kind: "Deployment",
        version: "v1"
    )
    private static let applier = Sample.ref("a", .kustomization, "apps/x")

    private static let drift = ObjectDrift(
        entry: entry,
        applier: applier,
        hands: [
            DriftHand(
                nature: .edited,
                manager: "kubectl-edit",
                name: "kubectl edit",
                fields: ["spec.replicas"],
                fieldCount: 1,
                time: Sample.start,
                returns: true
            )
        ],
        seen: Sample.start
    )

    private static func answer(_ outcome: ExactDrift.Finding.Outcome) -> ExactDrift {
        ExactDrift(
            applier: applier,
            basis: .commit(Sample.new),
            renderer: "kubectl kustomize",
            asked: Sample.start,
            findings: [ExactDrift.Finding(entry: entry, outcome: outcome)],
            remarks: []
        )
    }

    private func rehearsal(
        isReadOnly: Bool = false,
        readOnly: Set<String> = [],
        change: (inout FluxResource) -> Void = { _ in }
    ) -> Rehearsal {
        var rehearsal = Rehearsal(["a"], isReadOnly: isReadOnly, readOnly: readOnly)
        var applier = Sample.applier("a", "apps/x", at: Sample.new)
        change(&applier)
        var snapshot = Sample.snapshot("a", [Sample.source("a", at: Sample.new), applier])
        snapshot.drifted = [ExactDriftTests.drift]
        snapshot.confirmed = Sample.start
        rehearsal.send(.clusterChanged(snapshot))
        return rehearsal
    }

    private static func question(_ effects: [Effect]) -> (ExactQuestion, Ticket)? {
        effects.lazy.compactMap { effect -> (ExactQuestion, Ticket)? in
            if case .compareExactly(let question, let ticket) = effect { (question, ticket) } else { nil }
        }.first
    }

    @Test func `D on a drifted object asks about that object alone, at the commit that is applied`() throws {
        var rehearsal = rehearsal()
        let effects = rehearsal.type("6D")
        let (question, ticket) = try #require(ExactDriftTests.question(effects))
        #expect(question.only == ExactDriftTests.entry && question.applier == ExactDriftTests.applier)
        guard case .built(let repository, let commit, _) = question.wanted else {
            Issue.record("a Kustomization is built from Git")
            return
        }
        #expect(repository == Sample.fleet && commit == Sample.new)
        #expect(rehearsal.state.screen == .resource(ExactDriftTests.applier))
        guard case .asking? = rehearsal.state.exactStanding(of: ExactDriftTests.applier) else {
            Issue.record("not asked")
            return
        }
        rehearsal.send(
            .exactlyCompared(ExactDriftTests.applier, .success(ExactDriftTests.answer(.same)), ticket)
        )
        guard case .answered(let drift)? = rehearsal.state.exactStanding(of: ExactDriftTests.applier) else {
            Issue.record("not answered")
            return
        }
        #expect(drift.differing.isEmpty && drift.isComplete)
        // In the resource view it is about all that the applier builds.
        let whole = try #require(ExactDriftTests.question(rehearsal.type("D")))
        #expect(whole.0.only == nil)
        // The answer to the first question comes too late.
        let late = ExactDriftTests.answer(.missing)
        rehearsal.send(.exactlyCompared(ExactDriftTests.applier, .success(late), ticket))
        guard case .asking? = rehearsal.state.exactStanding(of: ExactDriftTests.applier) else {
            Issue.record("a late answer was taken")
            return
        }
    }

    /// Ready's reason and message, how the newest runs ended, and the commit whose manifests stand.
    private struct Standing {
        let reason: String
        var message = ""
        let runs: [String]
        var isPacked = false
        let isBad: Bool
        var remark: String?
    }

    @Test(arguments: [
        Standing(reason: "HealthCheckFailed", runs: [], isBad: true, remark: "its health check failed"),
        Standing(
            reason: "HealthCheckFailed",
            runs: ["HealthCheckFailed", "ReconciliationSucceeded"],
            isBad: true,
            remark: "its health check failed"
        ),
        // While it tries again.
        Standing(
            reason: "Progressing",
            runs: ["HealthCheckFailed", "ReconciliationSucceeded"],
            isBad: true,
            remark: "its health check failed"
        ),
        Standing(reason: "Progressing", runs: ["ReconciliationSucceeded"], isBad: false),
        // It waits for the health of a commit that no run on record knows.
        Standing(
            reason: "Progressing",
            message: "Running health checks for revision x",
            runs: ["ReconciliationSucceeded"],
            isBad: true,
            remark: "its health is being checked"
        ),
        // A run that failed before it wrote.
        Standing(
            reason: "ReconciliationFailed",
            runs: ["ReconciliationFailed", "HealthCheckFailed", "ReconciliationSucceeded"],
            isBad: true,
            remark: "its health check failed"
        ),
        Standing(
            reason: "ReconciliationFailed",
            runs: ["ReconciliationFailed", "ReconciliationSucceeded"],
            isBad: false
        ),
        Standing(
            reason: "PruneFailed",
            runs: ["PruneFailed"],
            isPacked: true,
            isBad: true,
            remark: "what it no longer has was not removed"
        ),
    ])
    private func `a dry run is held against what was applied, healthy or not`(standing: Standing) throws {
        var rehearsal = rehearsal { resource in
            let status: Condition.Status = standing.reason == "Progressing" ? .unknown : .no
            resource.conditions = [Sample.ready(status, standing.reason, standing.message)]
            resource.applier?.lastAttempted = Revision("main@sha1:\(Sample.bad)")
            resource.applier?.history = standing.runs.enumerated().map { place, run in
                let commit = run == "ReconciliationSucceeded" ? Sample.new : Sample.bad
                return HistoryEntry(
                    lastReconciled: Sample.start.advanced(by: .seconds(-60 * place)),
                    status: run,
                    revision: standing.isPacked ? nil : Revision("main@sha1:\(commit)"),
                    origin: standing.isPacked ? Revision("main@sha1:\(commit)") : nil
                )
            }
        }
        let (question, _) = try #require(ExactDriftTests.question(rehearsal.type("6D")))
        guard case .built(_, let commit, _) = question.wanted else {
            Issue.record("a Kustomization is built from Git")
            return
        }
        #expect(commit == (standing.isBad ? Sample.bad : Sample.new))
        let cut = Revision.cut(Sample.bad)
        #expect(question.remarks == standing.remark.map { ["\(cut) was applied, and \($0)"] } ?? [])
    }

    @Test(arguments: [true, false])
    func `read-only asks nothing and says so`(isProcess: Bool) {
        var rehearsal = rehearsal(isReadOnly: isProcess, readOnly: isProcess ? [] : ["a"])
        #expect(ExactDriftTests.question(rehearsal.type("6D")) == nil)
        guard case .failed(let why)? = rehearsal.state.exactStanding(of: ExactDriftTests.applier) else {
            Issue.record("not told")
            return
        }
        #expect(why.hasPrefix("read-only"))
    }

    @Test func `opening drift asks the cluster nothing`() {
        var rehearsal = rehearsal()
        #expect(ExactDriftTests.question(rehearsal.type("6<Enter>")) == nil)
        #expect(rehearsal.state.exactStanding(of: ExactDriftTests.applier) == nil)
    }

    @Test func `an applier of another cluster's objects, and one without a commit, cannot be compared`() {
        var remote = rehearsal { $0.applier?.isRemote = true }
        #expect(ExactDriftTests.question(remote.type("6D")) == nil)
        var fresh = rehearsal { $0.applier?.lastApplied = nil }
        #expect(ExactDriftTests.question(fresh.type("6D")) == nil)
    }

    private static func questions(_ effects: [Effect]) -> [(ExactQuestion, Ticket)] {
        effects.compactMap { effect in
            if case .compareExactly(let question, let ticket) = effect { (question, ticket) } else { nil }
        }
    }

    @Test func `an order asks a few appliers of each cluster at a time, and no cluster waits for another`()
        throws
    {
        var rehearsal = Rehearsal(["a", "b"])
        let names = (1...6).map { "apps/n\($0)" }
        for cluster in ["a", "b"] {
            let all = names.map { Sample.applier(cluster, $0, at: Sample.new) }
            rehearsal.show(cluster, [Sample.source(cluster, at: Sample.new)] + all)
        }
        let refs = ["a", "b"].flatMap { cluster in names.map { Sample.ref(cluster, .kustomization, $0) } }
        var asked = ExactDriftTests.questions(rehearsal.state.orderExactDrift(of: refs))
        #expect(asked.map(\.0.applier) == Array(refs[0..<4] + refs[6..<10]))
        // Cluster a says nothing; all of b are asked all the same.
        var done: Set<ObjectRef> = []
        while let (question, ticket) = asked.first(where: { $0.0.applier.cluster == ClusterID("b") }) {
            asked.removeAll { $0.1 == ticket }
            done.insert(question.applier)
            let drift = ExactDriftTests.answer(.same)
            asked += ExactDriftTests.questions(
                rehearsal.send(.exactlyCompared(question.applier, .success(drift), ticket))
            )
        }
        #expect(done == Set(refs[6...]) && asked.count == 4)
        guard case .asking? = rehearsal.state.exactStanding(of: refs[5]) else {
            Issue.record("what waits for its turn counts as unanswered")
            return
        }
    }

    @Test func `a HelmRelease is held against what Helm stored, and needs no repository`() throws {
        var rehearsal = Rehearsal(["a"])
        var release = FluxResource(
            ref: Sample.ref("a", .helmRelease, "apps/cart"),
            kind: .helmRelease,
            state: .ready
        )
        release.applier = ApplierFacts(source: nil, prunes: true, waits: true, dependsOn: [])
        rehearsal.show("a", [release])
        let found = try #require(ExactDriftTests.question(rehearsal.state.orderExactDrift(of: [release.ref])))
        #expect(found.0.wanted == .release && found.0.remarks.contains { $0.contains("puts nothing back") })
    }

    @Test func `appliers of other clusters' objects are not among those that an order can ask`() {
        var rehearsal = Rehearsal(["a"])
        var remote = Sample.applier("a", "apps/far", at: Sample.new)
        remote.applier?.isRemote = true
        rehearsal.show(
            "a",
            [Sample.source("a", at: Sample.new), remote, Sample.applier("a", "apps/x", at: Sample.new)]
        )
        #expect(rehearsal.state.exactlyComparable.map(\.name) == ["x"])
    }

    @Test func `the drift tab asks for the lines behind what it shows, and 3 opens their commits`() throws {
        var rehearsal = rehearsal()
        let effects = rehearsal.type("6<Enter>")
        let asked = effects.lazy.compactMap { effect -> (ManifestQuestion, Ticket)? in
            if case .locate(let question, let ticket) = effect { (question, ticket) } else { nil }
        }.first
        let (question, ticket) = try #require(asked)
        #expect(question.targets == [.init(entry: ExactDriftTests.entry, fields: ["spec.replicas"])])
        #expect(rehearsal.type("j").isEmpty)
        let place = ManifestPlace(file: "apps/api.yaml", line: 7, text: "replicas: 1")
        let origins = ManifestOrigins(object: place, fields: ["spec.replicas": place])
        rehearsal.send(.located(.success([ExactDriftTests.entry: origins]), ticket))
        #expect(rehearsal.state.resource?.origins[ExactDriftTests.entry] == origins)
        rehearsal.type("3")
        #expect(rehearsal.state.screen == .commits && rehearsal.state.commits.query?.path == "apps/api.yaml")
    }

    @Test func `a cluster whose objects are not all seen is not called level with Git`() {
        var rehearsal = Rehearsal(["a"])
        var snapshot = Sample.snapshot("a", [Sample.source("a", at: Sample.new)])
        snapshot.kinds = [.gitRepository: .watching]
        rehearsal.send(.clusterChanged(snapshot))
        #expect(rehearsal.state.clustersNotCompared == [ClusterID("a")])
        #expect(rehearsal.state.blindSpots(of: ClusterID("a")).contains { $0.contains("object") })
        snapshot.knowsObjects = true
        rehearsal.send(.clusterChanged(snapshot))
        #expect(rehearsal.state.blindSpots(of: ClusterID("a")).contains { $0.contains("was not read yet") })
        rehearsal.send(
            .repositoryChanged(
                RepositorySnapshot(
                    id: Sample.fleet,
                    url: Sample.fleetURL,
                    heads: ["refs/heads/main": Sample.new],
                    health: .current
                )
            )
        )
        #expect(rehearsal.state.blindSpots(of: ClusterID("a")).isEmpty)
        #expect(rehearsal.state.clustersNotCompared.isEmpty)
        snapshot.kinds[.kustomization] = .forbidden("no rights")
        snapshot.blindSpots = ["Service: its objects may not be listed"]
        rehearsal.send(.clusterChanged(snapshot))
        #expect(rehearsal.state.blindSpots(of: ClusterID("a")).count == 2)
        #expect(rehearsal.state.clustersNotCompared.count == 1)
    }

    @Test func `what is never looked at is told beside it`() {
        var rehearsal = Rehearsal(["a"])
        var remote = Sample.applier("a", "apps/far", at: Sample.new)
        remote.applier?.isRemote = true
        var near = Sample.applier("a", "apps/near", at: Sample.new)
        near.applier?.inventory = Inventory([(id: "apps_token__Secret", version: "v1")])
        rehearsal.show("a", [remote, near])
        let told = rehearsal.state.exemptions(of: ClusterID("a"))
        #expect(told.count == 2 && told[0].contains("apps/far") && told[1].contains("1 Secret"))
    }
}
