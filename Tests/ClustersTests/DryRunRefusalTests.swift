import Clusters
import Kube
import Testing

/// What is told of a dry run that a cluster did not answer as it should.
struct DryRunRefusalTests {
    private static func entry(_ kind: String) -> InventoryEntry {
        InventoryEntry(namespace: "apps", name: "token", group: "", kind: kind, version: "v1")
    }

    private static let patch = ClusterFailure.Cause.forbidden(verb: "patch", resource: "things")

    @Test(arguments: ["ConfigMap", "Secret"])
    func `a right that is missing is told as that`(kind: String) {
        let message = #"things "token" is forbidden: User "v" cannot patch resource "things" in API group """#
        let words = DryRunRefusal.words(
            ClusterFailure(DryRunRefusalTests.patch, message),
            of: DryRunRefusalTests.entry(kind)
        )
        #expect(words.contains("right to patch") && !words.contains("token"))
    }

    @Test(arguments: [
        "exceeded quota: small", "admission webhook \"gate\" denied the request: no latest tags",
        "unable to create new content in namespace apps because it is being terminated",
    ])
    func `what a policy refuses is told in its words, and is no missing right`(message: String) {
        let failure = ClusterFailure(DryRunRefusalTests.patch, message)
        #expect(DryRunRefusal.words(failure, of: DryRunRefusalTests.entry("ConfigMap")) == message)
        let words = DryRunRefusal.words(failure, of: DryRunRefusalTests.entry("Secret"))
        #expect(words == "a policy of the cluster refuses it")
    }

    @Test(arguments: [
        ClusterFailure.Cause.forbidden(verb: "patch", resource: "secrets"), .unauthenticated, .notFound,
        .conflict, .invalid, .busy, .other,
    ])
    func `of a Secret nothing is repeated, whatever status a webhook chose`(cause: ClusterFailure.Cause) {
        let failure = ClusterFailure(cause, "the value hunter2 is not allowed")
        #expect(!DryRunRefusal.words(failure, of: DryRunRefusalTests.entry("Secret")).contains("hunter2"))
    }

    @Test func `a server that is too busy is not said to refuse what is wanted`() {
        let failure = ClusterFailure(.busy, "too many requests")
        let words = DryRunRefusal.words(failure, of: DryRunRefusalTests.entry("ConfigMap"))
        #expect(words == "the API server could not answer: too many requests")
    }
}
