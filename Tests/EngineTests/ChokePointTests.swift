import Chrono
import Dashboard
@testable import Engine
import Foundation
import Git
import Kube
import Testing

/// Read-only is enforced where effects are run, whoever asked for them.
struct ChokePointTests {
    private let folder = FileManager.default.temporaryDirectory.appending(
        path: "weir-engine-\(UUID().uuidString)"
    )

    /// A fleet of one cluster at which nobody listens.
    private func runner(isReadOnly: Bool, config: String = "") throws -> (EffectRunner, Mailbox) {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let kubeconfig = folder.appending(path: "kubeconfig")
        try """
        apiVersion: v1
        kind: Config
        clusters: [{name: a, cluster: {server: "https://127.0.0.1:1"}}]
        users: [{name: a, user: {token: secret}}]
        contexts: [{name: a, context: {cluster: a, user: a}}]
        """.write(to: kubeconfig, atomically: true, encoding: .utf8)
        let settings = folder.appending(path: "config.toml")
        try config.write(to: settings, atomically: true, encoding: .utf8)
        var options = LaunchOptions()
        options.kubeconfig = kubeconfig.path
        options.config = settings.path
        options.isReadOnly = isReadOnly
        let mailbox = Mailbox {}
        return (EffectRunner(try FleetAssembly(options), mailbox: mailbox, seed: 1), mailbox)
    }

    private let ref = ObjectRef(
        cluster: ClusterID("a"),
        group: FluxKind.kustomizeGroup,
        kind: "Kustomization",
        namespace: "apps",
        name: "checkout"
    )

    private var plan: RevertPlan {
        let repository = RepositoryID(url: "https://git.example/acme/fleet")
        let commit = Commit(
            id: String(repeating: "a", count: 40),
            parents: [],
            author: "a",
            email: "a@example.com",
            committed: .init(seconds: 0),
            subject: "s"
        )
        return RevertPlan(
            request: RevertRequest(repository: repository, branch: "main", commit: commit.id),
            target: commit,
            tip: commit.id,
            tree: commit.id,
            message: "Revert",
            author: "a",
            email: "a@example.com",
            diff: CommitDiff(files: []),
            conflicts: [],
            changedPaths: [],
            imagePolicies: []
        )
    }

    private var comparison: ExactQuestion {
        ExactQuestion(
            applier: ref,
            wanted: .built(
                RepositoryID(url: "https://git.example/acme/fleet"),
                commit: String(repeating: "a", count: 40),
                path: "apps"
            ),
            only: nil,
            ignores: [],
            inventory: Inventory(),
            remarks: []
        )
    }

    @Test
    func `in a read-only process every change is refused and says so`() throws {
        let (runner, mailbox) = try runner(isReadOnly: true)
        #expect(runner.run(.requestReconcile(ref, token: "t", force: false)))
        #expect(runner.run(.setSuspended(ref, true, reason: nil)))
        #expect(runner.run(.commitAndPush(Confirmed(byOperator: plan), Ticket(1))))
        #expect(runner.run(.compareExactly(comparison, Ticket(2))))
        let answers = mailbox.drain()
        #expect(answers.count == 4)
        for answer in answers {
            switch answer {
            case .reconcileRequested(_, _, .failure(let failure)): #expect(failure.cause == .readOnly)
            case .suspensionChanged(_, _, .failure(let failure)): #expect(failure.cause == .readOnly)
            case .pushed(.failure(let failure), _): #expect(failure.cause == .readOnly)
            case .exactlyCompared(_, .failure(let failure), _): #expect(failure.cause == .readOnly)
            default: Issue.record("an answer that is no refusal: \(answer)")
            }
        }
    }

    @Test
    func `a read-only cluster is not changed in a process that may change others`() throws {
        let (runner, mailbox) = try runner(
            isReadOnly: false,
            config: "[[cluster]]\ncontext = \"a\"\nread_only = true\n"
        )
        #expect(runner.run(.requestReconcile(ref, token: "t", force: false)))
        guard case .reconcileRequested(_, _, .failure(let failure)) = mailbox.drain().first else {
            Issue.record("no refusal")
            return
        }
        #expect(failure.cause == .readOnly)
        // A dry run changes nothing and is refused all the same: it counts as a write.
        #expect(runner.run(.compareExactly(comparison, Ticket(1))))
        guard case .exactlyCompared(_, .failure(let refusal), _) = mailbox.drain().first else {
            Issue.record("no refusal")
            return
        }
        #expect(refusal.cause == .readOnly)
    }
}
