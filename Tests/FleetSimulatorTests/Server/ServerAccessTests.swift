import Foundation
import Testing

@testable import FleetSimulator

/// Who may do what, and what the reviews say about it.
struct ServerAccessTests {
    private func question(_ verb: String, _ resource: String, group: String = "", in namespace: String = "")
        -> AccessQuestion
    {
        AccessQuestion(
            verb: verb,
            object: .resource(group: group, resource: resource, namespace: namespace, name: "")
        )
    }

    private let policy = AccessPolicy.fleet(tenantNamespace: "team-a")
    private let viewer = UserIdentity(name: "viewer", groups: ["viewers", "system:authenticated"])
    private let tenant = UserIdentity(name: "tenant", groups: ["tenants", "system:authenticated"])
    private let kustomize = "kustomize.toolkit.fluxcd.io"

    @Test func `viewers read everything but secrets and write nothing`() {
        #expect(policy.verdict(viewer, question("list", "kustomizations", group: kustomize)).allowed)
        #expect(policy.verdict(viewer, question("watch", "pods", in: "a")).allowed)
        #expect(policy.verdict(viewer, question("get", "deployments", group: "apps")).allowed)
        #expect(!policy.verdict(viewer, question("list", "secrets")).allowed)
        #expect(
            !policy.verdict(viewer, question("patch", "kustomizations", group: kustomize, in: "team-a"))
                .allowed
        )
        #expect(!policy.verdict(viewer, question("create", "configmaps", in: "team-a")).allowed)
    }

    @Test func `tenants read and resync in their namespace only`() {
        #expect(
            policy.verdict(tenant, question("patch", "kustomizations", group: kustomize, in: "team-a"))
                .allowed
        )
        #expect(policy.verdict(tenant, question("watch", "events", in: "team-a")).allowed)
        #expect(
            !policy.verdict(tenant, question("patch", "deployments", group: "apps", in: "team-a")).allowed
        )
        #expect(!policy.verdict(tenant, question("list", "kustomizations", group: kustomize)).allowed)
        #expect(
            !policy.verdict(tenant, question("list", "kustomizations", group: kustomize, in: "team-b"))
                .allowed
        )
        #expect(!policy.verdict(tenant, question("list", "secrets", in: "team-a")).allowed)
    }

    @Test func `masters need no rule`() {
        let admin = UserIdentity(name: "admin", groups: [UserIdentity.mastersGroup])
        #expect(policy.verdict(admin, question("delete", "secrets", in: "team-b")).allowed)
        #expect(policy.verdict(admin, AccessQuestion(verb: "get", object: .path("/metrics"))).reason.isEmpty)
    }

    @Test func `the anonymous may ask for health and version only`() {
        #expect(policy.verdict(.anonymous, AccessQuestion(verb: "get", object: .path("/readyz"))).allowed)
        #expect(!policy.verdict(.anonymous, AccessQuestion(verb: "get", object: .path("/apis"))).allowed)
    }

    @Test(arguments: [
        ("530-ssar-allowed", "viewer"), ("531-ssar-denied", "viewer"),
        ("532-ssar-tenant-namespace", "tenant"),
        ("533-ssar-tenant-cluster", "tenant"), ("534-ssar-admin", "admin"), ("535-ssar-nobody", "nobody"),
        ("538-ssar-unknown-resource", "admin"),
    ])
    func `a review of one right answers as recorded`(_ folder: String, _ user: String) throws {
        let exchange = try ServerWireExchange(folder)
        let answer = try ServerRecordedCluster.shared.get().answer(exchange, as: user)
        #expect(answer.status == 201)
        let (sent, recorded) = (try answer.json, try exchange.json)
        #expect(sent["status"] == recorded["status"])
        #expect(sent["spec"] == recorded["spec"])
        #expect(ServerShape.differences(sent, recorded, free: ["metadata"]).isEmpty)
    }

    @Test(arguments: [
        ("541-ssrr-tenant", "tenant"), ("542-ssrr-tenant-other", "tenant"), ("543-ssrr-admin", "admin"),
    ])
    func `a review of all rules lists the same rules`(_ folder: String, _ user: String) throws {
        let exchange = try ServerWireExchange(folder)
        let answer = try ServerRecordedCluster.shared.get().answer(exchange, as: user)
        let (sent, recorded) = (try answer.json, try exchange.json)
        #expect(ServerShape.differences(sent, recorded).isEmpty)
        func verbs(_ json: JSON) -> Set<String> {
            Set(json[path: "status", "resourceRules"]?.array?.compactMap { $0["verbs"]?.text } ?? [])
        }
        #expect(verbs(sent) == verbs(recorded))
        func paths(_ json: JSON) -> Set<String> {
            Set(json[path: "status", "nonResourceRules"]?.array?.map(\.text) ?? [])
        }
        #expect(paths(sent) == paths(recorded))
    }

    @Test(arguments: [("550-whoami-token", "viewer"), ("553-whoami-impersonated", "admin")])
    func `a caller is told who it is`(_ folder: String, _ user: String) throws {
        let exchange = try ServerWireExchange(folder)
        let answer = try ServerRecordedCluster.shared.get().answer(exchange, as: user)
        #expect(answer.status == 201)
        #expect(try answer.json["status"] == exchange.json["status"])
    }

    @Test(arguments: ["594-no-credentials-no-anonymous", "595-readyz-no-credentials-no-anonymous"])
    func `without anonymous access nobody comes in without credentials`(_ folder: String) throws {
        let exchange = try ServerWireExchange(folder)
        let answer = try ServerRecordedCluster(allowsAnonymous: false).answer(exchange)
        #expect(answer.status == 401)
        #expect(try answer.json == exchange.json)
    }

    @Test func `without credentials health and version are still told`() throws {
        for folder in ["103-readyz-no-credentials", "522-version-no-credentials"] {
            let exchange = try ServerWireExchange(folder)
            #expect(try ServerRecordedCluster.shared.get().answer(exchange).status == 200)
        }
    }
}
