import Chrono
import Kube
import Testing

/// Lines of Flux's controllers, as logr and controller-runtime write them.
struct LogLineTests {
    private static let ref = ObjectRef(
        cluster: ClusterID("a"),
        group: FluxKind.kustomization.group,
        kind: "Kustomization",
        namespace: "apps",
        name: "web"
    )

    private func line(_ text: String, about ref: ObjectRef = ref) -> LogLine? {
        FluxDecoding(cluster: ref.cluster).root(Array(text.utf8)).flatMap { LogLine($0, about: ref) }
    }

    private static let about =
        #""controllerKind":"Kustomization","Kustomization":{"name":"web","namespace":"apps"},"name":"web","namespace":"apps""#

    @Test func `a line about the object says when, how bad and what`() {
        let read = line(
            #"{"level":"error","ts":"2026-08-01T12:00:00.5Z","msg":"Reconciler error",\#(Self.about),"error":"no\nway"}"#
        )
        #expect(read?.level == .error)
        #expect(read?.message == "Reconciler error: no ⏎ way")
        #expect(read?.at == Timestamp(rfc3339: "2026-08-01T12:00:00.5Z"))
    }

    @Test(
        arguments: [
            #"{"level":"info","msg":"x","controllerKind":"Kustomization","name":"web","namespace":"other"}"#,
            #"{"level":"info","msg":"x","controllerKind":"Kustomization","name":"other","namespace":"apps"}"#,
            #"{"level":"info","msg":"x","controllerKind":"HelmRelease","name":"web","namespace":"apps"}"#,
            #"{"level":"info","msg":"starting"}"#, "panic: apps/web", "", "[1]",
        ]
    )
    func `lines about others are left out`(text: String) {
        #expect(line(text) == nil)
    }

    @Test func `nothing of it reaches the terminal raw`() {
        let read = line(#"{"msg":"\u001b[2Jwiped",\#(Self.about)}"#)
        #expect(read?.message.unicodeScalars.contains("\u{1b}") == false)
        #expect(read?.level == .info)
        #expect(read?.at == nil)
    }

    @Test func `every kind that is reconciled has a controller`() {
        for kind in FluxKind.all {
            #expect(kind.controller != nil, "\(kind.kind)")
        }
        #expect(FluxKind.helmRelease.controller?.selector == "app=helm-controller")
    }
}
