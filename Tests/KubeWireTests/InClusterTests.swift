import KubeWire
import Testing

struct InClusterTests {
    @Test func `a pod finds its own cluster`() throws {
        let access = try #require(
            ClusterAccess.inCluster(
                environment: ["KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"],
                namespaceFile: "flux-system\n"
            )
        )
        #expect(access.server.description == "https://[fd00::1]:443")
        #expect(access.namespace == "flux-system")
        #expect(
            access.credentials.bearer
                == .file("/var/run/secrets/kubernetes.io/serviceaccount/token", fallback: nil)
        )
    }

    @Test func `the pod's own variable names the namespace first`() {
        let access = ClusterAccess.inCluster(
            environment: [
                "KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBERNETES_SERVICE_PORT": "443",
                "POD_NAMESPACE": "apps",
            ],
            namespaceFile: "flux-system"
        )
        #expect(access?.namespace == "apps")
    }

    @Test(arguments: [
        [:], ["KUBERNETES_SERVICE_HOST": "h"], ["KUBERNETES_SERVICE_PORT": "443"],
        ["KUBERNETES_SERVICE_HOST": "h", "KUBERNETES_SERVICE_PORT": "tcp://1"],
    ])
    func `elsewhere there is none`(environment: [String: String]) {
        #expect(ClusterAccess.inCluster(environment: environment, namespaceFile: nil) == nil)
    }
}
