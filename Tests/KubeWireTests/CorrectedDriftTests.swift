import Chrono
import Kube
import KubeWire
import Testing

private let revision = Revision("main@sha1:705f74ba5bd5309ca9e6a3de50df9ea722fb280c")

private func applier(_ kind: FluxKind = .kustomization) -> FluxResource {
    let ref = ObjectRef(
        cluster: prod,
        group: kind.group,
        kind: kind.kind,
        namespace: "flux-system",
        name: "webshop"
    )
    var resource = FluxResource(ref: ref, kind: kind, state: .ready)
    resource.applier = ApplierFacts(
        inventory: Inventory([
            (id: "webshop_webshop_apps_Deployment", version: "v1"),
            (id: "webshop_settings__ConfigMap", version: "v1"), (id: "_webshop__Namespace", version: "v1"),
        ]),
        history: [run(revision, 1_000, 1_900)]
    )
    return resource
}

private func run(
    _ revision: Revision,
    _ first: Int64,
    _ last: Int64,
    _ status: String = "ReconciliationSucceeded",
    digest: UInt64? = nil
) -> HistoryEntry {
    HistoryEntry(
        firstReconciled: Timestamp(seconds: first),
        lastReconciled: Timestamp(seconds: last),
        status: status,
        revision: revision,
        digest: digest
    )
}

private let other = Revision("main@sha1:b763818000000000000000000000000000000000")
private let third = Revision("main@sha1:dc8af9b000000000000000000000000000000000")

private func event(
    _ message: String,
    at seconds: Int64,
    reason: String = "Progressing",
    isWarning: Bool = false,
    revision: Revision? = revision,
    count: Int = 1
) -> FluxEvent {
    FluxEvent(
        uid: "u",
        about: applier().ref,
        at: Timestamp(seconds: seconds),
        isWarning: isWarning,
        reason: reason,
        message: message,
        count: count,
        revision: revision
    )
}

private let message =
    "Deployment/webshop/webshop configured ConfigMap/webshop/settings created Namespace/webshop deleted"

struct CorrectedDriftTests {
    @Test func `objects that change while their revision is old were put back`() {
        let told = CorrectedDrift.told(by: event(message, at: 1_100), of: applier())
        #expect(told.map(\.entry.kind) == ["Deployment", "ConfigMap"])
        #expect(told.map(\.wasMissing) == [false, true])
        #expect(told.allSatisfy { $0.by.isEmpty && $0.ending == .putBack })
    }

    @Test func `all objects of one run are told, however many its message names`() throws {
        let names = (0..<400).map { "settings-\($0)" }
        var applier = applier()
        applier.applier?.inventory = Inventory(names.map { (id: "webshop_\($0)__ConfigMap", version: "v1") })
        let lines = names.map { "ConfigMap/webshop/\($0) configured" }.joined(separator: "\\n")
        let json = """
            {"apiVersion":"v1","kind":"Event","metadata":{"uid":"u","resourceVersion":"1",
             "annotations":{"kustomize.toolkit.fluxcd.io/revision":"\(revision.text)"}},
             "involvedObject":{"apiVersion":"kustomize.toolkit.fluxcd.io/v1","kind":"Kustomization",
              "namespace":"flux-system","name":"webshop"},
             "type":"Normal","reason":"Progressing","lastTimestamp":"1970-01-01T00:18:20Z","count":1,
             "message":"\(lines)"}
            """
        let context = FluxDecoding(cluster: prod)
        let event = try #require(
            context.root(Array(json.utf8)).flatMap { DecodedEvent($0, in: context) }?.event
        )
        #expect(event.message.utf8.count < 2_000)
        #expect(CorrectedDrift.told(by: event, of: applier).map(\.entry.name) == names)
    }

    @Test(arguments: [
        event(message, at: 900), event(message, at: 1_000), event(message, at: 1_901),
        event(message, at: 1_100, isWarning: true),
        event("Reconciliation finished in 1s, next run in 10m0s", at: 1_100),
        event("Deployment/other/other configured", at: 1_100),
    ])
    func `a new revision, a failure and words without objects put nothing back`(event: FluxEvent) {
        #expect(CorrectedDrift.told(by: event, of: applier()).isEmpty)
    }

    @Test func `a finished job that goes by itself was not put back`() {
        var resource = applier()
        resource.applier?.inventory = Inventory([(id: "webshop_migrate_batch_Job", version: "v1")])
        let created = event("Job/webshop/migrate created", at: 1_100)
        #expect(CorrectedDrift.told(by: created, of: resource).isEmpty)
        let changed = event("Job/webshop/migrate configured", at: 1_100)
        #expect(CorrectedDrift.told(by: changed, of: resource).count == 1)
    }

    @Test func `events that say nothing yet are kept, and no others`() {
        let events = [
            event(message, at: 1_100), event("Reconciliation finished in 1s", at: 1_901),
            event(message, at: 1_950), event(message, at: 900),
        ]
        let first = CorrectedDrift.told(by: events, of: applier(), standing: nil)
        #expect(first.corrected.count == 2)
        #expect(first.undecided.map(\.at.seconds) == [1_950, 900])
        var resource = applier()
        resource.applier?.history = [run(revision, 1_000, 2_000)]
        let second = CorrectedDrift.told(by: [first.undecided[0]], of: resource, standing: nil)
        #expect(second.corrected.count == 2 && second.undecided.isEmpty)
    }

    /// One Event among the runs of an applier, newest first, and whether it tells of a correction.
    private struct Case: CustomTestStringConvertible {
        let testDescription: String
        let runs: [HistoryEntry]
        let event: FluxEvent
        var standing: Int64?
        let isTold: Bool
    }

    private static let cases = [
        Case(
            testDescription: "variables that went and came back are two rollouts at one revision",
            runs: [run(revision, 1_000, 1_500, digest: 1), run(revision, 1_300, 1_400, digest: 2)],
            event: event(message, at: 1_499),
            isTold: false
        ),
        Case(
            testDescription: "a build that failed its health check in between is the same build",
            runs: [
                run(revision, 1_000, 1_500, digest: 1),
                run(other, 1_300, 1_400, "HealthCheckFailed", digest: 1),
            ],
            event: event(message, at: 1_499),
            isTold: true
        ),
        Case(
            testDescription: "a revert brings back what was built before: its history entry goes on",
            runs: [run(third, 1_000, 1_500), run(other, 1_300, 1_400)],
            event: event(message, at: 1_499, revision: third),
            isTold: false
        ),
        Case(
            testDescription: "what is put back after such a revert, where weir saw the revert",
            runs: [run(third, 1_000, 1_800), run(other, 1_300, 1_400)],
            event: event(message, at: 1_700, revision: third),
            standing: 1_500,
            isTold: true
        ),
        Case(
            testDescription: "and where it did not, nobody knows",
            runs: [run(third, 1_000, 1_800), run(other, 1_300, 1_400)],
            event: event(message, at: 1_700, revision: third),
            isTold: false
        ),
        Case(
            testDescription: "a revert that was reverted: both entries go on, and the first rollout was none",
            runs: [run(third, 1_000, 1_500), run(other, 600, 1_400)],
            event: event(message, at: 1_390, revision: other),
            isTold: false
        ),
        Case(
            testDescription: "and nor was the second",
            runs: [run(third, 1_000, 1_500), run(other, 600, 1_400)],
            event: event(message, at: 1_490, revision: third),
            isTold: false
        ),
        Case(
            testDescription: "where two go on and the Event was counted up, nobody knows",
            runs: [run(third, 1_000, 1_500), run(other, 600, 1_400)],
            event: event(message, at: 1_390, revision: other, count: 2),
            isTold: false
        ),
        Case(
            testDescription: "an Event that was counted up carries the revision of its first time",
            runs: [run(other, 1_300, 1_300), run(revision, 1_000, 1_200)],
            event: event(message, at: 1_299, count: 2),
            isTold: false
        ),
        Case(
            testDescription: "the new revision failed first, and the next run applied the rest",
            runs: [
                run(other, 1_400, 1_400), run(other, 1_300, 1_300, "ReconciliationFailed"),
                run(revision, 1_000, 1_200),
            ],
            event: event(message, at: 1_390, revision: other),
            isTold: false
        ),
        Case(
            testDescription: "the new revision is applied and not healthy",
            runs: [run(other, 1_300, 1_300, "HealthCheckFailed"), run(revision, 1_000, 1_200)],
            event: event(message, at: 1_290, revision: other),
            isTold: false
        ),
        Case(
            testDescription: "an unhealthy revision was reverted",
            runs: [
                run(third, 1_000, 1_500), run(other, 1_300, 1_400, "HealthCheckFailed"),
            ],
            event: event(message, at: 1_450, revision: third),
            isTold: false
        ),
        Case(
            testDescription: "the run of the Event has not ended: nothing is known yet",
            runs: [run(revision, 1_000, 1_200)],
            event: event(message, at: 1_290),
            standing: 1_200,
            isTold: false
        ),
        Case(
            testDescription:
                "a commit that changes nothing here renames the entry, and drift is put back all the same",
            runs: [run(other, 1_000, 1_500)],
            event: event(message, at: 1_400),
            isTold: true
        ),
        Case(
            testDescription: "put back before a later rollout",
            runs: [run(other, 1_600, 1_800), run(revision, 1_000, 1_500)],
            event: event(message, at: 1_400),
            isTold: true
        ),
        Case(
            testDescription: "put back for the second time in the same words",
            runs: [run(revision, 1_000, 1_500)],
            event: event(message, at: 1_400, count: 2),
            isTold: true
        ),
        Case(
            testDescription: "the same revision failed in between",
            runs: [run(revision, 1_000, 1_500), run(revision, 1_200, 1_200, "HealthCheckFailed")],
            event: event(message, at: 1_400),
            isTold: true
        ),
    ]

    @Test(arguments: cases)
    private func `only a run of what was applied before puts something back`(_ example: Case) {
        var resource = applier()
        resource.applier?.history = example.runs
        resource.applier?.lastApplied = example.runs.first?.revision
        let standing = example.standing.flatMap { since in
            resource.applier?.lastApplied.map {
                StandingRevision(revision: $0, since: Timestamp(seconds: since))
            }
        }
        let told = CorrectedDrift.told(by: example.event, of: resource, standing: standing)
        #expect(told.isEmpty != example.isTold)
    }

    @Test func `Flux without a history is believed where weir saw the revision before`() {
        var resource = applier()
        resource.applier?.history = []
        resource.applier?.lastApplied = revision
        func ready(_ at: Int64, _ status: Condition.Status = .yes) -> FluxResource {
            resource.conditions = [
                Condition(
                    type: "Ready",
                    status: status,
                    reason: "x",
                    lastTransition: Timestamp(seconds: at)
                )
            ]
            return resource
        }
        let standing = StandingRevision.after(nil, ready(1_000))
        #expect(standing?.since == Timestamp(seconds: 1_000))
        let put = event(message, at: 1_100)
        #expect(CorrectedDrift.told(by: put, of: ready(1_200), standing: standing).count == 2)
        #expect(CorrectedDrift.told(by: put, of: ready(1_200), standing: nil).isEmpty)
        #expect(CorrectedDrift.told(by: put, of: ready(1_090), standing: standing).isEmpty)
        #expect(CorrectedDrift.told(by: put, of: ready(1_200, .no), standing: standing).isEmpty)
        // A rollout of what is new begins a new standing.
        let old = standing
        resource.applier?.lastApplied = other
        let new = StandingRevision.after(old, ready(1_200))
        #expect(new?.revision == other && new?.since == Timestamp(seconds: 1_200))
        let rolledOut = event(message, at: 1_100, revision: other)
        #expect(CorrectedDrift.told(by: rolledOut, of: ready(1_200), standing: new).isEmpty)
    }

    @Test func `a request to a source is cleared away by Flux, and is no drift`() {
        var resource = applier()
        resource.applier?.inventory = Inventory([
            (id: "flux-system_fleet_source.toolkit.fluxcd.io_GitRepository", version: "v1")
        ])
        let words = "GitRepository/flux-system/fleet configured"
        #expect(CorrectedDrift.told(by: event(words, at: 1_100), of: resource).isEmpty)
    }

    @Test func `helm-controller says itself that it put something back`() {
        let words =
            "Cluster state of release webshop/webshop has been corrected: Deployment/webshop/webshop configured"
        let release = applier(.helmRelease)
        let corrected = event(words, at: 900, reason: "DriftCorrected", revision: nil)
        #expect(CorrectedDrift.told(by: corrected, of: release).map(\.entry.name) == ["webshop"])
        let detected = event(words, at: 900, reason: "DriftDetected", revision: nil)
        #expect(CorrectedDrift.told(by: detected, of: release).isEmpty)
    }

    @Test func `two reports within half a minute are one`() throws {
        let one = try #require(CorrectedDrift.told(by: event(message, at: 1_100), of: applier()).first)
        let soon = try #require(CorrectedDrift.told(by: event(message, at: 1_110), of: applier()).first)
        let late = try #require(CorrectedDrift.told(by: event(message, at: 1_200), of: applier()).first)
        #expect(one.isSame(as: soon) && !one.isSame(as: late))
    }

    @Test func `what began after a correction is another one, however soon it is put back`() {
        func report(began: Int64?, ended: Int64) -> CorrectedDrift {
            CorrectedDrift(
                entry: InventoryEntry(
                    namespace: "a",
                    name: "api",
                    group: "apps",
                    kind: "Deployment",
                    version: "v1"
                ),
                applier: applier().ref,
                by: ["kubectl scale"],
                fields: ["spec.replicas"],
                wasMissing: false,
                began: began.map { Timestamp(seconds: $0) },
                ended: Timestamp(seconds: ended),
                ending: .putBack
            )
        }
        let each = CorrectedDrift.each([
            report(began: 1_000, ended: 1_004), report(began: 1_007, ended: 1_010),
            // The same by an Event, which knows no beginning, and by another weir.
            report(began: nil, ended: 1_011), report(began: 1_007, ended: 1_009),
        ])
        #expect(each.map(\.ended.seconds) == [1_011, 1_004])
    }

    @Test func `one correction of three hands is one, and knows all of them`() {
        func report(_ by: String, _ fields: [String], _ seconds: Int64) -> CorrectedDrift {
            CorrectedDrift(
                entry: InventoryEntry(
                    namespace: "a",
                    name: "api",
                    group: "apps",
                    kind: "Deployment",
                    version: "v1"
                ),
                applier: applier().ref,
                by: [by],
                fields: fields,
                wasMissing: false,
                began: Timestamp(seconds: seconds - 60),
                ended: Timestamp(seconds: seconds),
                ending: .putBack
            )
        }
        let each = CorrectedDrift.each([
            report("kubectl label", ["metadata.labels.team"], 1_001),
            report("kubectl scale", ["spec.replicas"], 1_000),
            report("kubectl set", ["spec.template.spec.containers[api].image"], 1_002),
            report("kubectl edit", ["spec.replicas"], 2_000),
        ])
        #expect(each.map(\.ended.seconds) == [2_000, 1_002])
        #expect(Set(each.last?.by ?? []) == ["kubectl label", "kubectl scale", "kubectl set"])
        let fields = [
            "spec.template.spec.containers[api].image", "spec.replicas", "metadata.labels.team",
        ]
        #expect(each.last?.fields == fields)
        #expect(each.last?.corrector == "kustomize-controller")
    }
}
