import Chrono
import Kube
import KubeWire
import Testing

private let now = Timestamp(seconds: 1_000)
private let serviceKind = GroupKind(group: "", kind: "Service")
private let services = DriftTracker.Sight(kind: serviceKind, family: .kustomization)
private let deploymentKind = GroupKind(group: "apps", kind: "Deployment")

private func applier(
    _ name: String,
    _ ids: [String],
    ready: Condition.Status = .yes,
    isRemote: Bool = false,
    succeeded: Timestamp? = nil
) -> FluxResource {
    let ref = ObjectRef(
        cluster: prod,
        group: FluxKind.kustomizeGroup,
        kind: "Kustomization",
        namespace: "apps",
        name: name
    )
    var resource = FluxResource(ref: ref, kind: .kustomization, state: .ready)
    resource.conditions = [Condition(type: "Ready", status: ready, reason: "x")]
    resource.applier = ApplierFacts(
        inventory: Inventory(ids.map { (id: $0, version: "v1") }),
        history: succeeded.map {
            [
                HistoryEntry(
                    lastReconciled: now.advanced(by: .seconds(900)),
                    status: "HealthCheckFailed"
                ),
                // The health checks after an apply put nothing right.
                HistoryEntry(
                    lastReconciled: $0.advanced(by: .seconds(300)),
                    duration: .seconds(300),
                    status: "ReconciliationSucceeded"
                ),
            ]
        } ?? [],
        isRemote: isRemote
    )
    return resource
}

private func name(_ name: String) -> ObjectName {
    ObjectName(namespace: "apps", name: name)
}

/// What a list shows, each with the applier's own name.
private func objects(_ names: [ObjectName]) -> [(name: ObjectName, owner: ObjectRef?)] {
    names.map { (name: $0, owner: nil) }
}

struct MissingTrackerTests {
    private func suspects(_ tracker: inout MissingTracker, at time: Timestamp = now) -> [String] {
        tracker.suspicions(now: time) { _ in nil }.map(\.name)
    }

    private func tracker(_ ids: [String] = ["apps_a__Service", "apps_b__Service"]) -> MissingTracker {
        var tracker = MissingTracker()
        tracker.applierChanged(applier("one", ids))
        return tracker
    }

    @Test func `the kinds of inventories are wanted, the most used first, secrets and jobs never`() {
        var tracker = MissingTracker()
        tracker.applierChanged(
            applier(
                "one",
                [
                    "apps_a_apps_Deployment", "apps_a__Service", "apps_b__Service", "apps_s__Secret",
                    "apps_j_batch_Job", "apps_k_kustomize.toolkit.fluxcd.io_Kustomization",
                ]
            )
        )
        #expect(tracker.wantedKinds.map(\.kind) == [serviceKind, deploymentKind])
        tracker.applierChanged(applier("one", ["apps_a_apps_Deployment"]))
        #expect(tracker.wantedKinds.map(\.kind) == [deploymentKind])
        tracker.applierRemoved(applier("one", []).ref)
        #expect(tracker.wantedKinds.isEmpty)
    }

    @Test func `nothing is suspected before its kind was listed`() {
        var tracker = tracker()
        #expect(suspects(&tracker) == [])
        tracker.listed(services, objects([name("a")]))
        #expect(suspects(&tracker) == ["b"])
    }

    @Test func `since when an object is gone is what is known, and never when weir started`() {
        let owner = applier("one", []).ref
        let later = now.advanced(by: .seconds(30))
        func onset(
            _ resource: FluxResource,
            _ happens: (inout MissingTracker) -> Void = { _ in }
        ) -> Onset? {
            var tracker = MissingTracker()
            tracker.applierChanged(resource)
            tracker.listed(services, objects([name("a"), name("b")]))
            happens(&tracker)
            tracker.listed(services, objects([name("a")]))
            for entry in tracker.suspicions(now: later, fluxObject: { _ in nil }) {
                tracker.looked(at: entry, .absent, now: later)
            }
            return tracker.missing.first?.onset
        }
        let ids = ["apps_a__Service", "apps_b__Service"]
        #expect(onset(applier("one", ids)) == .unknown)
        // A run that failed has put nothing right.
        let past = now.advanced(by: .seconds(-600))
        #expect(onset(applier("one", ids, succeeded: past)) == .after(past))
        let seen = onset(applier("one", ids, succeeded: past)) {
            $0.vanished(services, name("b"), owner: owner, now: now)
        }
        #expect(seen == .at(now))
        // It only lost its label then, and went while nobody looked.
        let unlabelled = onset(applier("one", ids, succeeded: past)) { tracker in
            tracker.vanished(services, name("b"), owner: owner, now: past)
            for entry in tracker.suspicions(now: past, fluxObject: { _ in nil }) {
                tracker.looked(at: entry, .present(isStray: false), now: past)
            }
        }
        #expect(unlabelled == .after(past))
    }

    @Test func `a rollout that adds, renames and removes objects makes none of them missing`() {
        let owner = applier("one", []).ref
        var tracker = tracker()
        tracker.listed(services, objects([name("a"), name("b")]))
        #expect(suspects(&tracker).isEmpty)
        func isQuiet(_ step: String) {
            let asked = suspects(&tracker)
            #expect(asked.isEmpty && tracker.missing.isEmpty, "\(step): \(asked)")
        }
        tracker.applierChanged(applier("one", ["apps_a__Service", "apps_b__Service"], ready: .unknown))
        isQuiet("the run begins")
        tracker.appeared(services, name("c"), owner: nil)
        tracker.vanished(services, name("b"), owner: owner, now: now)
        isQuiet("it prunes before the inventory says so")
        tracker.applierChanged(applier("one", ["apps_a__Service", "apps_c__Service"], ready: .unknown))
        isQuiet("it waits for health")
        tracker.applierChanged(applier("one", ["apps_a__Service", "apps_c__Service"]))
        isQuiet("it is done")
    }

    @Test func `an inventory that is ahead of the watch of its objects asks before it says missing`() {
        var tracker = tracker()
        tracker.listed(services, objects([name("a"), name("b")]))
        tracker.applierChanged(applier("one", ["apps_a__Service", "apps_b__Service", "apps_c__Service"]))
        let asked = tracker.suspicions(now: now) { _ in nil }
        #expect(asked.map(\.name) == ["c"] && tracker.missing.isEmpty)
        tracker.looked(at: asked[0], .present(isStray: false), now: now)
        #expect(tracker.missing.isEmpty)
        tracker.appeared(services, name("c"), owner: nil)
        #expect(suspects(&tracker).isEmpty)
    }

    @Test func `an object is missing once a look found nothing`() {
        var tracker = tracker()
        tracker.listed(services, objects([name("a")]))
        let entries = tracker.suspicions(now: now) { _ in nil }
        #expect(tracker.missing.isEmpty)
        tracker.looked(at: entries[0], .absent, now: now)
        #expect(tracker.missing.map(\.entry.name) == ["b"])
        #expect(tracker.missing.first?.seen == now)
        #expect(tracker.missing.first?.applier.name == "one")
    }

    @Test(arguments: [MissingTracker.Finding.present(isStray: false), .unknown("no")])
    func `an object that is there or cannot be seen is not missing`(finding: MissingTracker.Finding) {
        var tracker = tracker()
        tracker.listed(services, objects([name("a")]))
        let entries = tracker.suspicions(now: now) { _ in nil }
        tracker.looked(at: entries[0], finding, now: now)
        #expect(tracker.missing.isEmpty)
    }

    @Test func `an object without its labels is looked at again only after a while`() {
        var tracker = tracker()
        tracker.listed(services, objects([name("a")]))
        let entries = tracker.suspicions(now: now) { _ in nil }
        tracker.looked(at: entries[0], .present(isStray: false), now: now)
        tracker.recheck()
        #expect(suspects(&tracker, at: now.advanced(by: .seconds(30))) == [])
        tracker.recheck()
        #expect(suspects(&tracker, at: now.advanced(by: .seconds(90))) == ["b"])
    }

    @Test func `an object that vanishes is suspected, one that comes back is found`() {
        var tracker = tracker()
        tracker.listed(services, objects([name("a"), name("b")]))
        #expect(suspects(&tracker) == [])
        tracker.vanished(
            services,
            name("b"),
            owner: applier("one", []).ref,
            now: now
        )
        let entries = tracker.suspicions(now: now) { _ in nil }
        tracker.looked(at: entries[0], .absent, now: now)
        #expect(tracker.missing.count == 1)
        tracker.appeared(services, name("b"), owner: nil)
        #expect(tracker.missing.isEmpty)
    }

    @Test func `nothing is judged while the applier is at work`() {
        var tracker = MissingTracker()
        tracker.applierChanged(applier("one", ["apps_b__Service"], ready: .unknown))
        tracker.listed(services, objects([]))
        #expect(suspects(&tracker) == [])
        tracker.applierChanged(applier("one", ["apps_b__Service"]))
        #expect(suspects(&tracker) == ["b"])
    }

    @Test func `what Git no longer wants is not missing`() {
        var tracker = tracker()
        tracker.listed(services, objects([name("a")]))
        let entries = tracker.suspicions(now: now) { _ in nil }
        tracker.looked(at: entries[0], .absent, now: now)
        tracker.applierChanged(applier("one", ["apps_a__Service"]))
        _ = suspects(&tracker)
        #expect(tracker.missing.isEmpty)
    }

    @Test func `objects in other clusters are not looked for`() {
        var tracker = MissingTracker()
        tracker.applierChanged(applier("one", ["apps_b__Service"], isRemote: true))
        #expect(tracker.wantedKinds.isEmpty)
    }

    @Test func `objects of Flux kinds are judged by their own watch`() {
        let id = "apps_k_kustomize.toolkit.fluxcd.io_Kustomization"
        for (answer, expected) in [(true, []), (nil, []), (false, ["k"])] as [(Bool?, [String])] {
            var tracker = tracker([id])
            let names = tracker.suspicions(now: now) { _ in answer }.map(\.name)
            #expect(names == expected)
        }
    }

    @Test func `a kind that cannot be read any more is not judged`() {
        var tracker = tracker()
        tracker.listed(services, objects([]))
        let entries = tracker.suspicions(now: now) { _ in nil }
        tracker.looked(at: entries[0], .absent, now: now)
        tracker.lostSight(of: services)
        #expect(tracker.missing.isEmpty)
        tracker.looked(at: entries[1], .absent, now: now)
        #expect(tracker.missing.isEmpty)
    }

    // MARK: - Looks

    @Test func `what could not be looked at is open, with its reason, and looked at again`() {
        var tracker = tracker()
        tracker.listed(services, objects([name("a")]))
        let entries = tracker.suspicions(now: now) { _ in nil }
        tracker.looked(at: entries[0], .unknown("no right"), now: now)
        #expect(
            tracker.openQuestions == ["Service apps/b: whether it is missing is not known: no right"]
        )
        #expect(tracker.hasUnsettled && tracker.missing.isEmpty)
        tracker.recheck()
        #expect(suspects(&tracker, at: now.advanced(by: .seconds(10))) == [])
        tracker.lookAgain()
        #expect(suspects(&tracker, at: now.advanced(by: .seconds(30))) == ["b"])
        tracker.looked(at: entries[0], .unknown("no right"), now: now)
        tracker.lookAgain(atOnce: true)
        #expect(suspects(&tracker) == ["b"])
        tracker.looked(at: entries[0], .absent, now: now)
        #expect(tracker.openQuestions.isEmpty && tracker.missing.map(\.entry.name) == ["b"])
    }

    @Test func `what is open ends with the suspicion`() {
        var tracker = tracker()
        tracker.listed(services, objects([name("a")]))
        let entries = tracker.suspicions(now: now) { _ in nil }
        tracker.looked(at: entries[0], .unknown("no right"), now: now)
        tracker.appeared(services, name("b"), owner: nil)
        tracker.lookAgain()
        #expect(suspects(&tracker) == [] && tracker.openQuestions.isEmpty)
    }

    @Test func `an answer for an inventory of before is none`() {
        var tracker = tracker()
        tracker.listed(services, objects([name("a")]))
        let entries = tracker.suspicions(now: now) { _ in nil }
        tracker.applierChanged(applier("one", ["apps_a__Service"]), now: now)
        #expect(suspects(&tracker) == [])
        tracker.looked(at: entries[0], .absent, now: now)
        #expect(tracker.missing.isEmpty && suspects(&tracker) == [])
    }

    @Test func `an object with another applier's name is looked at`() {
        var tracker = tracker()
        tracker.applierChanged(applier("two", []))
        let (one, two) = (applier("one", []).ref, applier("two", []).ref)
        tracker.listed(services, [(name: name("a"), owner: one), (name: name("b"), owner: two)])
        let entries = tracker.suspicions(now: now) { _ in nil }
        #expect(entries.map(\.name) == ["b"])
        #expect(tracker.question(entries[0])?.applier == one)
        tracker.looked(at: entries[0], .present(isStray: true), now: now)
        #expect(tracker.hasUnsettled && tracker.missing.isEmpty)
        // Every change of it is looked at, and its end as well.
        let soon = now.advanced(by: .seconds(10))
        tracker.appeared(services, name("b"), owner: two)
        #expect(suspects(&tracker, at: soon) == ["b"])
        tracker.looked(at: entries[0], .present(isStray: true), now: soon)
        tracker.vanished(services, name("b"), owner: two, now: soon)
        #expect(suspects(&tracker, at: soon.advanced(by: .seconds(2))) == ["b"])
        tracker.looked(at: entries[0], .present(isStray: true), now: soon)
        tracker.appeared(services, name("b"), owner: one)
        #expect(suspects(&tracker) == [] && !tracker.hasUnsettled)
        tracker.appeared(services, name("a"), owner: two)
        #expect(suspects(&tracker) == ["a"])
    }

    @Test func `many missing objects come and go one by one, and each change is told once`() {
        let ids = (0..<3_000).map { "apps_s\($0)__Service" }
        var tracker = tracker(ids)
        tracker.listed(services, [])
        let entries = tracker.suspicions(now: now) { _ in nil }
        #expect(entries.count == 3_000)
        for entry in entries {
            tracker.looked(at: entry, .absent, now: now)
        }
        let edition = tracker.edition
        #expect(tracker.missing.count == 3_000 && edition == 3_000)
        for entry in entries {
            tracker.appeared(services, name(entry.name), owner: nil)
        }
        #expect(tracker.missing.isEmpty && tracker.edition == 6_000)
        #expect(suspects(&tracker) == [] && tracker.edition == 6_000)
    }
}

struct ReconcileLogTests {
    private func reconciled(_ seconds: Int64, status: Condition.Status = .yes) -> FluxResource {
        var resource = applier("one", [], ready: status)
        resource.conditions = [
            Condition(type: "Ready", status: status, reason: "x", lastTransition: Timestamp(seconds: seconds))
        ]
        resource.applier?.history = [
            HistoryEntry(lastReconciled: Timestamp(seconds: seconds), duration: .seconds(2), status: "x")
        ]
        return resource
    }

    private func event(_ seconds: Int64, message: String = "Reconciliation finished in 1.5s, next run in 1m")
        -> FluxEvent
    {
        FluxEvent(
            uid: "u\(seconds)",
            about: applier("one", []).ref,
            at: Timestamp(seconds: seconds),
            isWarning: false,
            reason: "ReconciliationSucceeded",
            message: message,
            count: 1,
            revision: Revision("main@sha1:abc")
        )
    }

    @Test func `a run is noted when it ends, not when it begins`() {
        var log = ReconcileLog()
        let before = reconciled(10)
        var running = before
        running.conditions = [Condition(type: "Ready", status: .unknown, reason: "Progressing")]
        log.changed(from: before, to: running, now: now)
        #expect(log.records.isEmpty)
        log.changed(from: running, to: reconciled(20), now: now)
        #expect(log.records.map(\.finished) == [Timestamp(seconds: 20)])
        #expect(log.records.first?.duration == .seconds(2))
        #expect(log.records.first?.outcome == .ready)
    }

    @Test func `an event and the object tell of one run together`() {
        var log = ReconcileLog()
        log.changed(from: reconciled(10), to: reconciled(20), now: now)
        log.reported(event(21))
        #expect(log.records.count == 1)
        #expect(log.records.first?.revision?.text == "main@sha1:abc")
        log.reported(event(40))
        #expect(log.records.map(\.finished.seconds) == [40, 20])
        #expect(log.records.first?.duration == .seconds(1.5))
    }

    @Test func `a suspended object acknowledges without a run`() {
        var log = ReconcileLog()
        var after = reconciled(10)
        after.isSuspended = true
        after.lastHandledReconcileAt = "token"
        let isRun = log.changed(from: reconciled(10), to: after, now: now)
        #expect(!isRun)
    }

    @Test func `an acknowledged run without news in its status is a run`() {
        var log = ReconcileLog()
        var after = reconciled(10)
        after.lastHandledReconcileAt = "token"
        let isRun = log.changed(from: reconciled(10), to: after, now: now)
        #expect(isRun)
    }

    @Test func `a failed run keeps its outcome while it is retried`() {
        var log = ReconcileLog()
        var after = reconciled(20, status: .no)
        after.state = .reconciling
        log.changed(from: reconciled(10), to: after, now: now)
        #expect(log.records.first?.outcome == .failed)
    }

    @Test func `the newest are kept, newest first, however they come`() {
        var log = ReconcileLog(limit: 3)
        for seconds in [50, 10, 40, 20, 30] as [Int64] {
            log.reported(event(seconds))
        }
        #expect(log.records.map(\.finished.seconds) == [50, 40, 30])
    }

    @Test func `events that end nothing are no runs`() {
        var log = ReconcileLog()
        let event = FluxEvent(
            uid: "u",
            about: applier("one", []).ref,
            at: now,
            isWarning: false,
            reason: "Progressing",
            message: "Health check passed in 1s",
            count: 1,
            revision: nil
        )
        let isRun = log.reported(event)
        #expect(!isRun)
    }
}

struct ObjectTextTests {
    @Test func `an object reads as YAML, the known keys first`() throws {
        let lines = try #require(
            ObjectText.lines(try Recording(name: "232-get-kustomization-ready").body)
        )
        #expect(
            lines.prefix(3) == [
                "apiVersion: kustomize.toolkit.fluxcd.io/v1", "kind: Kustomization", "metadata:",
            ]
        )
        #expect(lines.contains("  path: ./deploy/auth-0044/overlays/prod-eu-1"))
        #expect(lines.contains("  - name: sync-0011"))
        #expect(lines.contains("  prune: true"))
        #expect(!lines.contains { $0.contains("managedFields") })
    }

    @Test func `text that YAML would take for something else is quoted`() throws {
        let json =
            #"{"a":"yes","b":"12","c":"","d":"x: y","e":"- z","f":null,"g":1.5,"h":[],"i":{},"j":"a\nb\n"}"#
        let lines = try #require(ObjectText.lines(Array(json.utf8)))
        #expect(
            lines == [
                "a: \"yes\"", "b: \"12\"", "c: \"\"", "d: \"x: y\"", "e: \"- z\"", "f: null", "g: 1.5",
                "h: []",
                "i: {}", "j: |", "  a", "  b",
            ]
        )
    }

    @Test func `secrets and webhook addresses are masked`() throws {
        let secret = try #require(
            ObjectText.lines(Array(#"{"kind":"Secret","data":{"p":"aHVudGVyMg=="}}"#.utf8))
        )
        #expect(!secret.joined().contains("aHVudGVyMg"))
        let provider = try #require(
            ObjectText.lines(Array(#"{"kind":"Provider","spec":{"address":"https://hooks/T0"}}"#.utf8))
        )
        #expect(!provider.joined().contains("hooks"))
    }

    @Test func `hostile text stays in its line`() throws {
        let lines = try #require(ObjectText.lines(Array(#"{"a":"\u001b[2Jx\u202ey"}"#.utf8)))
        #expect(lines.count == 1)
        #expect(lines[0].unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202E })
    }

    @Test(arguments: ["", "[]", "7", "<html>"])
    func `what is no object is refused`(text: String) {
        #expect(ObjectText.lines(Array(text.utf8)) == nil)
    }
}
