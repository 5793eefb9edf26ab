import Chrono
import Foundation
import Kube
import Testing

private let cluster = ClusterID("prod-eu-1")

private func example(_ name: String) throws -> FluxResource {
    try #require(
        FluxResource.decode(Fixture.bytes("examples/\(name).json"), in: FluxDecoding(cluster: cluster))
    )
}

private func decode(_ json: String) -> FluxResource? {
    FluxResource.decode(Array(json.utf8), in: FluxDecoding(cluster: cluster))
}

private func ref(_ kind: FluxKind, _ namespace: String, _ name: String) -> ObjectRef {
    ObjectRef(cluster: cluster, group: kind.group, kind: kind.kind, namespace: namespace, name: name)
}

struct FluxResourceDecodingTests {
    @Test(arguments: [
        ("01-gitrepository-ready", SyncState.ready),
        ("02-gitrepository-fetch-auth-failed", .failed),
        ("03-gitrepository-secret-missing-never-fetched", .failed),
        ("04-gitrepository-artifact-outdated-reconciling", .reconciling),
        ("05-ocirepository-ready-verified", .ready),
        ("06-helmrepository-oci-static-no-status", .ready),
        ("07-helmrepository-ready", .ready),
        ("08-helmchart-ready", .ready),
        ("09-bucket-suspended", .suspended),
        ("10-artifactgenerator-ready", .ready),
        ("11-externalartifact-ready", .ready),
        ("12-kustomization-ready", .ready),
        ("13-kustomization-build-failed", .failed),
        ("14-kustomization-healthcheck-failed", .failed),
        ("15-kustomization-dependency-not-ready", .waiting),
        ("16-kustomization-suspended", .suspended),
        ("17-kustomization-reconciling", .reconciling),
        ("18-kustomization-stalled-invalid-cel", .stalled),
        ("19-kustomization-remote-cluster-apply-forbidden", .failed),
        ("20-kustomization-oci-origin-revision", .ready),
        ("21-helmrelease-ready-tested", .ready),
        ("22-helmrelease-upgrade-failed-rolled-back-stalled", .stalled),
        ("23-helmrelease-drift-detected-warn-mode", .ready),
        ("24-helmrelease-source-not-ready-installing", .failed),
        ("25-imagerepository-ready", .ready),
        ("26-imagepolicy-ready", .ready),
        ("27-imageupdateautomation-ready-pushed", .ready),
        ("28-alert-no-status", .ready),
        ("29-provider-no-status", .ready),
        ("30-receiver-ready", .ready),
        ("31-fluxinstance-ready", .ready),
        ("32-fluxreport", .ready),
        ("33-resourceset-failed-dependency", .waiting),
        ("34-resourcesetinputprovider-disabled", .suspended),
    ])
    func `every example is read and classified`(name: String, state: SyncState) throws {
        #expect(try example(name).state == state)
    }

    @Test func `a GitRepository tells address, branch and artifact`() throws {
        let resource = try example("01-gitrepository-ready")
        #expect(resource.ref == ref(.gitRepository, "flux-system", "flux-system"))
        #expect(resource.source?.url == "ssh://git@github.com/acme/fleet")
        #expect(resource.source?.follows == .branch("main"))
        #expect(resource.revision?.short == "main@2c4c6cb")
        #expect(resource.parent == ref(.kustomization, "flux-system", "flux-system"))
        #expect(resource.interval == .seconds(60))
        #expect(resource.apiVersion == "v1")
        #expect(resource.resourceVersion == "918237")
    }

    @Test func `a Kustomization tells source, path, inventory and history`() throws {
        let bytes = try Fixture.bytes("wire/232-get-kustomization-ready/response.body")
        let resource = try #require(FluxResource.decode(bytes, in: FluxDecoding(cluster: cluster)))
        let applier = try #require(resource.applier)
        #expect(applier.source == ref(.gitRepository, "apps-000", "repo-001"))
        #expect(applier.path == "./deploy/auth-0044/overlays/prod-eu-1")
        #expect(applier.prunes && applier.waits && !applier.isRemote)
        #expect(applier.dependsOn == [ref(.kustomization, "apps-000", "sync-0011")])
        #expect(applier.inventory.map(\.kind) == ["ConfigMap", "Deployment"])
        #expect(applier.history.first?.duration == .nanoseconds(4_030_558_000))
        #expect(applier.history.first?.count == 900)
        #expect(resource.commit == "ac1f6249bb570958b7c2ff1a73f74907c532eff6")
        #expect(resource.lastReconciled == Timestamp(rfc3339: "2026-11-22T20:06:14Z"))
    }

    @Test func `an artifact of CI tells the commit it was made from`() throws {
        let resource = try example("20-kustomization-oci-origin-revision")
        #expect(resource.applier?.lastApplied?.commit == nil)
        #expect(resource.commit?.count == 40)
    }

    @Test func `a HelmRelease runs the newest deployed chart of its history`() throws {
        let resource = try example("21-helmrelease-ready-tested")
        #expect(resource.revision?.text == "6.9.1+0cc9a8446c95")
        #expect(resource.applier?.source == ref(.ociRepository, "webshop", "podinfo-chart"))
        #expect(resource.applier?.inventory.count == 2)
        #expect(resource.applier?.helmDrifted == false)
    }

    @Test func `Helm's drift counts only while detection is on`() throws {
        #expect(try example("23-helmrelease-drift-detected-warn-mode").applier?.helmDrifted == true)
        let text = String(
            decoding: try Fixture.bytes("examples/23-helmrelease-drift-detected-warn-mode.json"),
            as: UTF8.self
        )
        let off = try #require(decode(text.replacingOccurrences(of: "\"warn\"", with: "\"disabled\"")))
        #expect(off.applier?.helmDrifted == false)
    }

    @Test func `a rolled back release has no revision applied`() throws {
        let resource = try example("22-helmrelease-upgrade-failed-rolled-back-stalled")
        #expect(resource.reason == "RetriesExceeded")
        #expect(resource.applier?.lastAttempted != nil)
    }

    @Test func `an automation tells where it pushes and as whom`() throws {
        let facts = try #require(try example("27-imageupdateautomation-ready-pushed").automation)
        #expect(facts.pushBranch == "main")
        #expect(facts.authorEmail == "fluxcdbot@acme.example")
        #expect(facts.updatePath == "./apps")
        #expect(facts.source == ref(.gitRepository, "flux-system", "flux-system"))
        #expect(facts.lastPushCommit?.hasPrefix("2c4c6cb") == true)
    }

    @Test func `a remote applier is known as such`() throws {
        #expect(
            try example("19-kustomization-remote-cluster-apply-forbidden").applier?.isRemote == true
        )
    }

    @Test func `the operator's kinds tell the version of Flux`() throws {
        #expect(try example("31-fluxinstance-ready").distribution == "v2.9.4")
        #expect(try example("32-fluxreport").distribution?.hasPrefix("v2.") == true)
    }

    @Test func `a bare object of a list takes kind and version from the request`() {
        let context = FluxDecoding(cluster: cluster, kind: .kustomization, version: "v1beta2")
        let resource = FluxResource.decode(
            Array(#"{"metadata":{"name":"a","namespace":"b"}}"#.utf8),
            in: context
        )
        #expect(resource?.ref == ref(.kustomization, "b", "a"))
        #expect(resource?.apiVersion == "v1beta2")
        #expect(resource?.state == .unknown)
    }

    @Test(arguments: [
        "{}", "[]", "null", "7", "\"text\"", "", "{\"metadata\":{}}",
        #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}"#,
        #"{"apiVersion":"helm.cattle.io/v1","kind":"HelmChart","metadata":{"name":"a"}}"#,
    ])
    func `what is no object of Flux is refused`(json: String) {
        #expect(decode(json) == nil)
    }

    @Test func `a field of another type costs that field alone`() throws {
        let resource = try #require(
            decode(
                """
                {"apiVersion":"kustomize.toolkit.fluxcd.io/v1","kind":"Kustomization",
                 "metadata":{"name":"a","namespace":"b","generation":"three","labels":7,"annotations":[]},
                 "spec":{"interval":5,"path":["x"],"prune":"yes","suspend":"no","dependsOn":{"name":"x"},
                         "sourceRef":"repo"},
                 "status":{"conditions":[1,{"type":"Ready","status":true,"message":{"a":1}},
                                         {"type":"Healthy","status":"True"}],
                           "inventory":{"entries":[{"id":7,"v":"v1"},"x",{"id":"n_a__Service","v":"v1"}]},
                           "history":"none","lastAppliedRevision":"main@sha1:\(String(repeating: "a", count: 40))"}}
                """
            )
        )
        #expect(resource.generation == 1)
        #expect(!resource.isSuspended)
        #expect(resource.interval == nil)
        #expect(resource.applier?.inventory.map(\.name) == ["a"])
        #expect(resource.conditions.map(\.type) == ["Ready", "Healthy"])
        #expect(resource.applier?.lastApplied?.pointer == "main")
        #expect(resource.state == .reconciling)
    }

    @Test func `hostile text becomes one harmless line`() throws {
        let resource = try #require(
            decode(
                #"""
                {"apiVersion":"kustomize.toolkit.fluxcd.io/v1","kind":"Kustomization",
                 "metadata":{"name":"a\u001b[2Jb","namespace":"n\u202em"},
                 "status":{"conditions":[{"type":"Ready","status":"False","reason":"X\u0007",
                   "message":"one\ntwo\u001b]0;title\u0007 \#(String(repeating: "x", count: 40_000))"}]}}
                """#
            )
        )
        let texts = [resource.ref.name, resource.ref.namespace, resource.reason, resource.message]
        for text in texts {
            #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202E })
        }
        #expect(resource.message.count <= 1024)
    }

    @Test(arguments: [
        ("https://user:secret@host/repo", "https://host/repo"),
        ("https://token@host:8443/a/b?access=secret#x", "https://host:8443/a/b"),
        ("ssh://git:secret@host/repo", "ssh://git@host/repo"),
        ("ssh://git@host:22/repo", "ssh://git@host:22/repo"),
        ("https://a:b@c@host/x", "https://host/x"),
        ("https://host/a@b", "https://host/a@b"),
        ("oci://ghcr.io/acme/app", "oci://ghcr.io/acme/app"),
        ("minio:9000/bucket", "minio:9000/bucket"),
        ("", ""),
    ])
    func `addresses lose their credentials`(address: String, shown: String) {
        #expect(SourceFacts.withoutCredentials(address) == shown)
    }

    @Test func `any bytes at all are read without a crash`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = Scrambler(seed: seed)
        let context = FluxDecoding(cluster: cluster)
        for name in try Fixture.names("examples") where name.hasSuffix(".json") {
            let original = try Fixture.bytes("examples/\(name)")
            for _ in 0..<20 {
                var bytes = original
                for _ in 0..<Int.random(in: 1...8, using: &random) {
                    let index = Int.random(in: 0..<bytes.count, using: &random)
                    bytes[index] = UInt8.random(in: 0...255, using: &random)
                }
                if Bool.random(using: &random) {
                    bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
                }
                let resource = FluxResource.decode(bytes, in: context)
                #expect(resource?.ref.name.isEmpty != true, "seed \(seed), \(name)")
            }
        }
    }

    @Test func `nesting without end is refused`() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(decode(deep) == nil)
        #expect(decode("{\"metadata\":{\"name\":\"a\",\"labels\":" + deep) == nil)
    }
}

struct FluxEventDecodingTests {
    private let context = FluxDecoding(cluster: cluster)

    private func event(_ bytes: [UInt8]) -> DecodedEvent? {
        context.root(bytes).flatMap { DecodedEvent($0, in: context) }
    }

    @Test func `events of Flux objects are kept with revision and duration`() throws {
        let bytes = try Fixture.bytes("wire/243-list-events/response.body")
        let items = try #require(context.root(bytes)).list("items").compactMap {
            DecodedEvent($0, in: context)
        }
        let event = try #require(items.first?.event)
        #expect(event.about == ref(.kustomization, "apps-000", "auth-0044"))
        #expect(event.reason == "ReconciliationSucceeded")
        #expect(event.duration == .nanoseconds(4_030_558_000))
        #expect(event.count == 10)
        #expect(event.at == Timestamp(rfc3339: "2026-11-22T20:09:04Z"))
        #expect(event.revision?.pointer == "main")
    }

    @Test(arguments: [
        ("42-event-kustomization-drift-corrected", false), ("43-event-helm-drift-detected", true),
        ("44-event-gitrepository-fetch-failed", true),
        ("45-event-kustomization-reconciled-commit-status", false),
    ])
    func `examples are read`(name: String, isWarning: Bool) throws {
        let decoded = try #require(event(try Fixture.bytes("examples/\(name).json")))
        #expect(decoded.event != nil)
        #expect(decoded.event?.message.isEmpty == false)
        if isWarning {
            #expect(decoded.event?.reason.isEmpty == false)
        }
    }

    @Test func `events of other objects are left out`() throws {
        let json = """
            {"metadata":{"name":"x","uid":"u"},"involvedObject":{"kind":"Pod","apiVersion":"v1","name":"p"}}
            """
        let decoded = try #require(event(Array(json.utf8)))
        #expect(decoded.event == nil)
        #expect(decoded.uid == "u")
    }
}

/// Repeatable randomness for tests that print their seed.
struct Scrambler: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed | 1
    }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
