import Kube
import Testing

struct FieldGravityTests {
    @Test(arguments: [
        ("spec.template.spec.containers[api].image", FieldGravity.image),
        ("spec.template.spec.containers[debug]", .image),
        ("spec.template.spec.containers[api].imagePullPolicy", .other),
        ("spec.replicas", .scale), ("spec.suspend", .scale),
        ("spec.template.spec.containers[api].env[LOG_LEVEL].value", .command),
        ("spec.template.spec.containers[api].args", .command),
        ("spec.template.spec.containers[api].resources.limits.memory", .resources),
        ("spec.template.spec.containers[api].ports[containerPort=8080,protocol=TCP]", .network),
        ("spec.selector[app.kubernetes.io/name]", .network), ("spec.type", .network),
        ("spec.strategy.type", .other), ("spec.template.spec.serviceAccountName", .rights),
        ("data.key", .content), ("data[app.properties]", .content), ("", .other),
        ("spec.template.metadata.annotations[kubectl.kubernetes.io/restartedAt]", .podMetadata),
        ("metadata.labels.team", .label), ("metadata.annotations[example.com/note]", .annotation),
        ("metadata.finalizers", .metadata), ("metadata", .metadata),
    ])
    func `a path weighs what it does to what runs`(path: String, gravity: FieldGravity) {
        #expect(FieldGravity(path) == gravity)
    }

    @Test func `the gravest comes first, and equals stay in their order`() {
        let paths = [
            "metadata.annotations[a]", "metadata.labels.b", "spec.b", "spec.a", "spec.replicas",
            "spec.template.spec.containers[z].image", "spec.template.spec.containers[a].image",
        ]
        #expect(
            paths.gravestFirst { $0 } == [
                "spec.template.spec.containers[z].image", "spec.template.spec.containers[a].image",
                "spec.replicas", "spec.b", "spec.a", "metadata.labels.b", "metadata.annotations[a]",
            ]
        )
    }
}
