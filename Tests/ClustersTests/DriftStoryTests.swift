import Chrono
import Clusters
import Foundation
import HashTreeCollections
import Kube
import KubeWire
import Testing

/// People with a real kubectl, and other programs, work on objects that Flux applied.
@Suite(
    .enabled(if: Simulator.program != nil && Kubectl.program != nil, "needs weir-sim and WEIR_KUBECTL"),
    .timeLimit(.minutes(5))
)
struct DriftStoryTests {
    /// A Deployment that a running Kustomization applies.
    private struct Target {
        let applier: ObjectRef
        let entry: InventoryEntry
        let container: String
        let image: String
    }

    private static func find(_ snapshot: ClusterSnapshot) -> (ObjectRef, InventoryEntry)? {
        for resource in snapshot.resources.values.sorted(by: { $0.ref < $1.ref })
        where resource.kind == .kustomization && resource.state == .ready {
            let found = resource.applier?.inventory.first { $0.kind == "Deployment" }
            let isTouched = snapshot.drifted.contains { $0.applier == resource.ref }
            if let found, !isTouched {
                return (resource.ref, found)
            }
        }
        return nil
    }

    private func target(_ board: Board, _ kubectl: Kubectl) async throws -> Target {
        let snapshot = try await board.wait { $0.knowsObjects && DriftStoryTests.find($0) != nil }
        let (applier, entry) = try #require(DriftStoryTests.find(snapshot))
        // Flux would put everything back while the story is told.
        try await kubectl(
            "-n",
            applier.namespace,
            "patch",
            "kustomization",
            applier.name,
            "--type=merge",
            "-p",
            #"{"spec":{"suspend":true}}"#
        )
        try await board.wait { $0.resources[applier]?.isSuspended == true }
        let words = try await kubectl(
            "-n",
            entry.namespace,
            "get",
            "deployment",
            entry.name,
            "-o",
            "jsonpath={.spec.template.spec.containers[0].name} {.spec.template.spec.containers[0].image}"
        ).split(separator: " ")
        return Target(
            applier: applier,
            entry: entry,
            container: String(try #require(words.first)),
            image: String(try #require(words.last))
        )
    }

    private static func hands(_ snapshot: ClusterSnapshot, _ target: Target) -> [String] {
        let drift = snapshot.drifted.first { $0.entry == target.entry && $0.applier == target.applier }
        return (drift?.hands ?? []).map(\.name)
    }

    @Test func `each way of changing an object by hand shows with its name`() async throws {
        let simulator = try Simulator()
        let kubectl = Kubectl(
            kubeconfig: simulator.directory.appendingPathComponent("kubeconfig").path,
            context: "prod-eu"
        )
        try await withSession(try simulator.settings("prod-eu")) { (_, board) async throws in
            let target = try await target(board, kubectl)
            let (namespace, name) = (target.entry.namespace, target.entry.name)
            func shows(_ hand: String) async throws {
                try await board.wait { DriftStoryTests.hands($0, target).contains(hand) }
            }
            try await kubectl("-n", namespace, "annotate", "deployment", name, "example.com/note=hello")
            try await shows("kubectl annotate")
            try await kubectl("-n", namespace, "label", "deployment", name, "team=night")
            try await shows("kubectl label")
            try await kubectl(
                "-n",
                namespace,
                "set",
                "image",
                "deployment/\(name)",
                "\(target.container)=other:1"
            )
            try await shows("kubectl set")
            try await kubectl(
                "-n",
                namespace,
                "edit",
                "deployment",
                name,
                environment: ["KUBE_EDITOR": "sed -i s/other:1/other:2/"]
            )
            try await shows("kubectl edit")
            try await kubectl("-n", namespace, "scale", "deployment", name, "--replicas=7")
            try await shows("kubectl scale")
            try await kubectl(
                "apply",
                "--server-side",
                "--field-manager=argocd-controller",
                "--force-conflicts",
                "-f",
                "-",
                input: """
                    {"apiVersion":"apps/v1","kind":"Deployment",
                     "metadata":{"namespace":"\(namespace)","name":"\(name)"},
                     "spec":{"minReadySeconds":3}}
                    """
            )
            try await shows("Argo CD")
            let snapshot = try #require(board.now)
            let drift = try #require(snapshot.drifted.first { $0.entry == target.entry })
            let fields = drift.hands.flatMap(\.fields)
            #expect(fields.contains("spec.template.spec.containers[\(target.container)].image"))
            #expect(fields.contains("spec.minReadySeconds") && fields.contains("metadata.labels.team"))
            #expect(drift.hands.filter { $0.time == nil }.map(\.name).allSatisfy { $0 == "kubectl scale" })

            // Resumed, Flux puts it back, and weir knows who it was.
            try await kubectl(
                "-n",
                target.applier.namespace,
                "patch",
                "kustomization",
                target.applier.name,
                "--type=merge",
                "-p",
                #"{"spec":{"suspend":false}}"#
            )
            let after = try await board.wait { now in
                now.corrected.contains { $0.entry == target.entry && $0.by.contains("kubectl edit") }
            }
            #expect(!DriftStoryTests.hands(after, target).contains("kubectl edit"))
        }
    }

    @Test func `a deleted object is missing, and an autoscaler is no drift`() async throws {
        let simulator = try Simulator()
        let kubectl = Kubectl(
            kubeconfig: simulator.directory.appendingPathComponent("kubeconfig").path,
            context: "prod-eu"
        )
        let client = APIClient(try simulator.access("prod-eu"))
        try await withSession(try simulator.settings("prod-eu")) { (_, board) async throws in
            let target = try await target(board, kubectl)
            let path = "/apis/apps/v1/namespaces/\(target.entry.namespace)/deployments/\(target.entry.name)"
            let scaled = try await client.send(
                "PATCH",
                "\(path)/scale?fieldManager=kube-controller-manager",
                type: "application/merge-patch+json",
                body: #"{"spec":{"replicas":9}}"#
            )
            #expect(scaled.0 == 200)
            try await kubectl(
                "-n",
                target.entry.namespace,
                "label",
                "deployment",
                target.entry.name,
                "after=scaling"
            )
            let snapshot = try await board.wait {
                DriftStoryTests.hands($0, target).contains("kubectl label")
            }
            #expect(DriftStoryTests.hands(snapshot, target) == ["kubectl label"])
            try await kubectl("-n", target.entry.namespace, "delete", "deployment", target.entry.name)
            let after = try await board.wait { now in now.missing.contains { $0.entry == target.entry } }
            #expect(DriftStoryTests.hands(after, target).isEmpty)
        }
    }

    @Test func `an untouched fleet raises no alarm in an hour with autoscalers and injectors`() async throws {
        // The demo's past holds hand edits; an hour of intervals passes in fifteen seconds.
        let speed = 240
        let simulator = try Simulator(
            ["--clusters", "1", "--interval-speed", "\(speed)", "--speed", "20", "--autoscaled", "3"]
        )
        let client = APIClient(try simulator.access("prod-eu"))
        try await withSession(try simulator.settings("prod-eu")) { (_, board) async throws in
            let first = try await board.wait { $0.knowsObjects }
            let began = try #require(first.confirmed)
            // What the demo's past holds, be it that Flux puts it back before weir looks.
            let made: Set = ["Deployment catalog/api", "ConfigMap ingress/nginx", "Service checkout/api"]
            @Sendable func alarms(_ now: ClusterSnapshot) -> [InventoryEntry] {
                (now.drifted.map(\.entry) + now.missing.map(\.entry) + now.corrected.map(\.entry)).filter {
                    !made.contains($0.ref(in: now.id).description)
                }
            }
            let snapshot = try await board.wait { now in
                !alarms(now).isEmpty
                    || now.confirmed.map { $0.since(began) >= .seconds(3600 / speed) } ?? false
            }
            #expect(alarms(snapshot).isEmpty)
            #expect(snapshot.blindSpots.isEmpty && snapshot.knowsObjects)
            // The autoscaler and the injector were at work, and Flux ran.
            #expect(snapshot.recent.contains { $0.finished > began })
            let (_, scaled) = try await client.send(
                "GET",
                "/apis/apps/v1/namespaces/ingress/deployments/nginx"
            )
            let managers = try ObjectValue(json: scaled)["metadata"]?["managedFields"]?.elements ?? []
            #expect(managers.contains { $0["subresource"]?.text == "scale" })
            let (_, hooks) = try await client.send(
                "GET",
                "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
            )
            let hook = try ObjectValue(json: hooks)["items"]?.elements?.first?["webhooks"]?.elements?.first
            #expect(hook?["clientConfig"]?["caBundle"]?.text?.isEmpty == false)
        }
    }

    @Test func `an injector's fields are no drift, and a hand that changes them is`() async throws {
        let simulator = try Simulator(["--clusters", "1", "--no-injector"])
        let client = APIClient(try simulator.access("prod-eu"))
        let kubectl = Kubectl(
            kubeconfig: simulator.directory.appendingPathComponent("kubeconfig").path,
            context: "prod-eu"
        )
        let path =
            "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/cert-manager-webhook"
        let bundle = #"{"webhooks":[{"name":"webhook.cert-manager.io","clientConfig":{"caBundle":"%"}}]}"#
        @Sendable func drift(_ now: ClusterSnapshot) -> ObjectDrift? {
            now.drifted.first { $0.entry.kind == "ValidatingWebhookConfiguration" }
        }
        try await withSession(try simulator.settings("prod-eu")) { (_, board) async throws in
            try await board.wait { $0.knowsObjects }
            let (code, _) = try await client.send(
                "PATCH",
                "\(path)?fieldManager=cert-manager-cainjector&force=true",
                type: "application/apply-patch+yaml",
                body: """
                    {"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingWebhookConfiguration",
                     "metadata":{"name":"cert-manager-webhook"},
                     \(bundle.dropFirst().replacing("%", with: "bXk="))
                    """
            )
            #expect(code == 200)
            try await kubectl(
                "label",
                "validatingwebhookconfiguration",
                "cert-manager-webhook",
                "after=injection"
            )
            let snapshot = try await board.wait { drift($0) != nil }
            #expect(drift(snapshot)?.hands.map(\.name) == ["kubectl label"])
        }
    }

    @Test func `what was put back while nobody looked is told without a name`() async throws {
        let simulator = try Simulator(["--clusters", "1", "--interval-speed", "400", "--speed", "20"])
        let kubectl = Kubectl(
            kubeconfig: simulator.directory.appendingPathComponent("kubeconfig").path,
            context: "prod-eu"
        )
        // Found by a weir that has gone when the edit is made.
        let target = try await withSession(try simulator.settings("prod-eu")) { (_, board) async throws in
            let snapshot = try await board.wait { $0.knowsObjects && DriftStoryTests.find($0) != nil }
            return try #require(DriftStoryTests.find(snapshot))
        }
        let (applier, entry) = target
        try await kubectl("-n", entry.namespace, "label", "deployment", entry.name, "night=shift")
        var labels = "night"
        while labels.contains("night") {
            labels = try await kubectl(
                "-n",
                entry.namespace,
                "get",
                "deployment",
                entry.name,
                "-o",
                "jsonpath={.metadata.labels}"
            )
        }
        try await withSession(try simulator.settings("prod-eu")) { (_, board) async throws in
            let snapshot = try await board.wait { now in
                now.knowsObjects && now.corrected.contains { $0.entry == entry && $0.applier == applier }
            }
            let corrected = try #require(snapshot.corrected.first { $0.entry == entry })
            #expect(corrected.by.isEmpty && corrected.ending == .putBack)
            #expect(!snapshot.drifted.contains { $0.entry == entry })
        }
    }

    @Test func `several namespaces are watched each, and what lies outside is told`() async throws {
        let simulator = try Simulator()
        let kubectl = Kubectl(
            kubeconfig: simulator.directory.appendingPathComponent("kubeconfig").path,
            context: "prod-eu"
        )
        var settings = try simulator.settings("prod-eu")
        let whole = try await withSession(settings) { (_, board) async throws in
            try await board.wait { $0.knowsObjects && DriftStoryTests.find($0) != nil }
        }
        let (applier, entry) = try #require(DriftStoryTests.find(whole))
        settings.namespaces = Set([applier.namespace, entry.namespace, "default"]).sorted()
        try await withSession(settings) { (_, board) async throws in
            let snapshot = try await board.wait { $0.knowsObjects }
            #expect(snapshot.blindSpots.contains { $0.contains("outside") })
            #expect(!snapshot.missing.contains { $0.entry.namespace == entry.namespace })
            try await kubectl("-n", entry.namespace, "label", "deployment", entry.name, "night=shift")
            try await board.wait { now in
                now.drifted.contains { $0.entry == entry && $0.hands.map(\.name) == ["kubectl label"] }
            }
            try await kubectl(
                "-n",
                applier.namespace,
                "patch",
                "kustomization",
                applier.name,
                "--type=merge",
                "-p",
                #"{"spec":{"suspend":true}}"#
            )
            try await kubectl("-n", entry.namespace, "delete", "deployment", entry.name)
            try await board.wait { now in now.missing.contains { $0.entry == entry } }
        }
    }
}
