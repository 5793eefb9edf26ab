import Testing

@testable import FleetSimulator

struct KStatusTests {
    private static func deployment(_ change: (inout JSON) -> Void = { _ in }) -> JSON {
        var object: JSON = [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "api", "generation": 2],
            "spec": ["replicas": 2],
        ]
        WorkloadStatus.started(&object)
        change(&object)
        return object
    }

    @Test func `a Deployment is in progress until its pods are ready`() {
        #expect(KStatus.of(Self.deployment()) == .inProgress)
        #expect(KStatus.of(Self.deployment { WorkloadStatus.ready(&$0) }) == .current)
        #expect(KStatus.of(Self.deployment { WorkloadStatus.stuck(&$0) }) == .failed)
    }

    @Test func `a spec that nobody has looked at is in progress`() {
        let object = Self.deployment { object in
            WorkloadStatus.ready(&object)
            object[path: "metadata", "generation"] = 3
        }
        #expect(KStatus.of(object) == .inProgress)
    }

    @Test func `old pods keep serving while new ones do not start`() {
        let object = Self.deployment { object in
            WorkloadStatus.ready(&object)
            WorkloadStatus.started(&object)
        }
        #expect(object[path: "status", "availableReplicas"] == 2)
        #expect(object.conditionStatus("Available") == "True")
        #expect(KStatus.of(object) == .inProgress)
    }

    @Test(arguments: ["StatefulSet", "DaemonSet", "Job"])
    func `other workloads become current when they are ready`(kind: String) {
        var object: JSON = [
            "apiVersion": "apps/v1", "kind": .string(kind), "metadata": ["name": "x", "generation": 1],
        ]
        WorkloadStatus.started(&object)
        #expect(KStatus.of(object) == .inProgress)
        WorkloadStatus.ready(&object)
        #expect(KStatus.of(object) == .current)
    }

    @Test func `a failing Flux object is in progress, a stalled one has failed`() {
        var object: JSON = [
            "kind": "Kustomization", "metadata": ["generation": 1], "status": ["observedGeneration": 1],
        ]
        object.setCondition("Ready", "False", "BuildFailed", "no")
        #expect(KStatus.of(object) == .inProgress)
        object.setCondition("Stalled", "True", "X", "no")
        #expect(KStatus.of(object) == .failed)
        object.removeCondition("Stalled")
        object.setCondition("Ready", "True", "Y", "yes")
        #expect(KStatus.of(object) == .current)
    }

    @Test func `what is not there is not found`() {
        #expect(KStatus.of(nil) == .notFound)
        #expect(KStatus.of(["metadata": ["deletionTimestamp": "2026-01-01T00:00:00Z"]]) == .terminating)
        #expect(KStatus.of(["kind": "ConfigMap"]) == .current)
    }
}
