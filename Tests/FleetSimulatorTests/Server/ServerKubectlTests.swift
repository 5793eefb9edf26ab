import Foundation
import ProgramTesting
import Testing

@testable import FleetSimulator

/// The real kubectl against a simulated cluster.
@Suite(.serialized, .enabled(if: ServerTool.kubectl != nil, "there is no kubectl: set WEIR_KUBECTL to one"))
struct ServerKubectlTests {
    private func succeed(_ result: ServerTool.Result, _ part: String) {
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains(part), "\(result.output)")
    }

    private func fail(_ result: ServerTool.Result, _ part: String) {
        #expect(result.status != 0)
        #expect(result.errors.contains(part), "\(result.errors)")
    }

    @Test func `get shows tables, whole objects and selections`() async throws {
        let live = try ServerLiveCluster(named: "get")
        succeed(try await live.kubectl("get", "kustomizations", "-A"), "auth-0044")
        succeed(try await live.kubectl("get", "ks", "-n", "apps-000", "-o", "wide"), "READY")
        succeed(
            try await live.kubectl("get", "ks", "-A", "-l", "kustomize.toolkit.fluxcd.io/name"),
            "sync-0011"
        )
        let one = try await live.kubectl(
            "get",
            "ks",
            "-A",
            "--field-selector",
            "metadata.name=sync-0011",
            "-o",
            "name"
        )
        #expect(one.output == "kustomization.kustomize.toolkit.fluxcd.io/sync-0011\n")
        succeed(
            try await live.kubectl(
                "get",
                "ks",
                "auth-0044",
                "-n",
                "apps-000",
                "-o",
                "jsonpath={.spec.interval}"
            ),
            "m"
        )
        succeed(
            try await live.kubectl("get", "deploy", "database-0045", "-n", "apps-001", "-o", "yaml"),
            "replicas: 2"
        )
        fail(try await live.kubectl("get", "ks", "none", "-n", "apps-000"), "\"none\" not found")
        fail(try await live.kubectl("get", "gadgets"), "the server doesn't have a resource type \"gadgets\"")
    }

    @Test func `describe shows an object with its conditions`() async throws {
        let live = try ServerLiveCluster(named: "describe")
        succeed(
            try await live.kubectl("describe", "ks", "sync-0011", "-n", "apps-000"),
            "Last Attempted Revision"
        )
        succeed(
            try await live.kubectl("describe", "deploy", "database-0045", "-n", "apps-001"),
            "registry.example.internal"
        )
    }

    @Test func `annotate, label and patch change an object under kubectl's names`() async throws {
        let live = try ServerLiveCluster(named: "change")
        let object = ["ks", "auth-0044", "-n", "apps-000"]
        let annotated = try await live.kubectl(
            "annotate",
            object[0],
            object[1],
            object[2],
            object[3],
            "example.com/a=1"
        )
        succeed(annotated, "annotated")
        succeed(
            try await live.kubectl("label", object[0], object[1], object[2], object[3], "team=blue"),
            "labeled"
        )
        succeed(
            try await live.kubectl(
                "patch",
                "ks",
                "auth-0044",
                "-n",
                "apps-000",
                "--type=merge",
                "-p",
                #"{"spec":{"suspend":true}}"#
            ),
            "patched"
        )
        let operations = #"[{"op":"replace","path":"/spec/suspend","value":false}]"#
        succeed(
            try await live.kubectl(
                "patch",
                "ks",
                "auth-0044",
                "-n",
                "apps-000",
                "--type=json",
                "-p",
                operations
            ),
            "patched"
        )
        let image = #"{"spec":{"template":{"spec":{"containers":[{"name":"app","image":"other:1"}]}}}}"#
        succeed(
            try await live.kubectl("patch", "deploy", "database-0045", "-n", "apps-001", "-p", image),
            "patched"
        )
        let key = try live.recorded.key(
            "kustomize.toolkit.fluxcd.io",
            "kustomizations",
            "apps-000",
            "auth-0044"
        )
        let stored = try live.recorded.store.get(key)
        #expect(stored[path: "metadata", "labels", "team"] == "blue")
        #expect(stored[path: "spec", "suspend"] == false)
        let managers =
            stored[path: "metadata", "managedFields"]?.array?.compactMap { $0["manager"]?.string } ?? []
        #expect(managers.contains("kubectl-annotate") && managers.contains("kubectl-patch"))
        let deployment = try live.recorded.store.get(
            live.recorded.key("apps", "deployments", "apps-001", "database-0045")
        )
        let container = deployment[path: "spec", "template", "spec", "containers"]?[0]
        #expect(container?["image"] == "other:1")
        #expect(container?["env"]?[0]?["name"] == "LOG_LEVEL")
    }

    @Test(arguments: [[], ["--server-side"]])
    func `apply creates, leaves and changes an object`(_ flags: [String]) async throws {
        let live = try ServerLiveCluster(named: "apply")
        func manifest(_ value: String) -> String {
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: applied, namespace: apps-000}
            data: {key: "\(value)"}
            """
        }
        func apply(_ value: String) async throws -> ServerTool.Result {
            let arguments = live.kubectlArguments() + ["apply", "-f", "-"] + flags
            return try await ServerTool.run(ServerTool.kubectl ?? "", arguments, input: manifest(value))
        }
        let first = try await apply("1")
        #expect(first.status == 0, "\(first.errors)")
        #expect(try await apply("1").status == 0)
        let changed = try await apply("2")
        #expect(changed.output.hasPrefix("configmap/applied "))
        #expect(changed.errors.isEmpty, "\(changed.errors)")
        let stored = try live.recorded.store.get(live.recorded.key("", "configmaps", "apps-000", "applied"))
        #expect(stored[path: "data", "key"] == "2")
    }

    @Test func `scale writes the replicas, delete takes the object away`() async throws {
        let live = try ServerLiveCluster(named: "scale")
        succeed(
            try await live.kubectl("scale", "deploy", "database-0045", "-n", "apps-001", "--replicas=5"),
            "deployment.apps/database-0045 scaled"
        )
        succeed(
            try await live.kubectl(
                "get",
                "deploy",
                "database-0045",
                "-n",
                "apps-001",
                "-o",
                "jsonpath={.spec.replicas}"
            ),
            "5"
        )
        succeed(
            try await live.kubectl("delete", "configmap", "database-0045-config", "-n", "apps-001"),
            "deleted"
        )
        fail(
            try await live.kubectl("get", "configmap", "database-0045-config", "-n", "apps-001"),
            "not found"
        )
    }

    @Test func `edit sends a patch of what the editor changed`() async throws {
        let live = try ServerLiveCluster(named: "edit")
        let editor = live.directory + "/editor"
        try Data("#!/bin/sh\nsed -i 's/replicas: 2/replicas: 4/' \"$1\"\n".utf8).write(
            to: URL(filePath: editor)
        )
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: editor)
        let arguments = live.kubectlArguments() + ["edit", "deploy", "database-0045", "-n", "apps-001"]
        let result = try await ServerTool.run(
            "/usr/bin/env",
            ["KUBE_EDITOR=\(editor)", ServerTool.kubectl ?? ""] + arguments
        )
        succeed(result, "edited")
        let stored = try live.recorded.store.get(
            live.recorded.key("apps", "deployments", "apps-001", "database-0045")
        )
        #expect(stored[path: "spec", "replicas"] == 4)
    }

    @Test func `a viewer may look but not touch`() async throws {
        let live = try ServerLiveCluster(named: "viewer")
        succeed(try await live.kubectl("get", "ks", "-A", as: "viewer"), "auth-0044")
        let refused = try await live.kubectl(
            "annotate",
            "ks",
            "auth-0044",
            "-n",
            "apps-000",
            "a=b",
            as: "viewer"
        )
        fail(refused, "User \"viewer\" cannot patch resource \"kustomizations\"")
        fail(
            try await live.kubectl("get", "secrets", "-A", as: "viewer"),
            "User \"viewer\" cannot list resource \"secrets\""
        )
        #expect(try await live.kubectl("auth", "can-i", "list", "ks", "-A", as: "viewer").output == "yes\n")
        #expect(try await live.kubectl("auth", "can-i", "patch", "ks", "-A", as: "viewer").output == "no\n")
    }

    @Test func `a tenant lives in one namespace`() async throws {
        let live = try ServerLiveCluster(named: "tenant")
        succeed(try await live.kubectl("get", "ks", as: "tenant"), "auth-0044")
        fail(try await live.kubectl("get", "ks", "-A", as: "tenant"), "at the cluster scope")
        fail(
            try await live.kubectl("get", "ks", "-n", "apps-001", as: "tenant"),
            "in the namespace \"apps-001\""
        )
    }

    @Test func `who am I, what is there, and how old is it`() async throws {
        let live = try ServerLiveCluster(named: "about")
        succeed(try await live.kubectl("auth", "whoami", as: "viewer"), "viewers")
        succeed(try await live.kubectl("api-resources"), "kustomize.toolkit.fluxcd.io/v1")
        succeed(try await live.kubectl("version"), "Server Version: v1.36.2")
        succeed(try await live.kubectl("get", "--raw", "/readyz"), "ok")
    }

    @Test(.timeLimit(.minutes(3)))
    func `get with watch shows a change when it happens`() async throws {
        let live = try ServerLiveCluster(named: "watch")
        let arguments = live.kubectlArguments() + ["get", "ks", "-n", "apps-000", "-w", "-o", "json"]
        let watching = try ServerTool(ServerTool.kubectl ?? "", arguments)
        defer { watching.stop() }
        // All objects of the beginning come first; the last of them tells that the watch is open.
        #expect(await watching.line { $0.contains("\"name\": \"sync-0055\"") } != nil)
        let key = try live.recorded.key(
            "kustomize.toolkit.fluxcd.io",
            "kustomizations",
            "apps-000",
            "auth-0044"
        )
        _ = try live.recorded.store.mergePatch(
            key,
            ["metadata": ["annotations": ["example.com/seen": "yes"]]],
            options: WriteOptions(fieldManager: "test")
        )
        #expect(await watching.line { $0.contains("example.com/seen") } != nil)
    }
}
