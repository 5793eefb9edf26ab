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

    @Test func `what Flux and its controllers do themselves is no drift, run after run`() async throws {
        // The demo's past holds three hand edits; intervals of minutes pass in seconds.
        let simulator = try Simulator(["--clusters", "1", "--interval-speed", "60", "--speed", "20"])
        let made: Set<String> = ["kubectl edit", "kubectl patch", "kubectl set"]
        try await withSession(try simulator.settings("prod-eu")) { (_, board) async throws in
            try await board.wait { $0.knowsObjects }
            let began = try #require(board.now?.confirmed)
            let snapshot = try await board.wait { now in
                now.recent.count { $0.finished > began } >= 60
                    || now.drifted.contains { !made.isSuperset(of: $0.hands.map(\.name)) }
            }
            #expect(snapshot.drifted.flatMap(\.hands).filter { !made.contains($0.name) }.isEmpty)
            #expect(snapshot.blindSpots.isEmpty)
        }
    }
}
