import Foundation
import Git
import Kube
import Testing

/// Objects of which SOPS encrypted something, in each form in which builds show them.
struct EncryptedManifestTests {
    private static let applier = ObjectRef(
        cluster: ClusterID("a"),
        group: FluxKind.kustomizeGroup,
        kind: "Kustomization",
        namespace: "apps",
        name: "shop"
    )
    private static let value = "ENC[AES256_GCM,data:b3Bz,iv:aXY=,tag:dGFn,type:str]"

    private static func base64(_ text: String) -> String {
        Data(text.utf8).base64EncodedString()
    }

    private func desired(_ yaml: String, spec: String = "{}", encrypted: [String] = []) throws -> DesiredState
    {
        let recipe = ApplierRecipe(spec: try ObjectValue(json: Array(spec.utf8)))
        return try RenderedManifests(text: yaml, renderer: "test", encrypted: encrypted)
            .desired(by: EncryptedManifestTests.applier, recipe).get()
    }

    private static let head = "apiVersion: v1\nmetadata: {name: s, namespace: a}\n"

    @Test(arguments: [
        // As SOPS leaves them, whatever the kind.
        "kind: Secret\nsops: {mac: x}\ndata: {k: x}", "kind: Deployment\nsops: {mac: x}\nspec: {replicas: 1}",
        // Where the tool took the block away, and left the values.
        "kind: ConfigMap\ndata: {k: 'VALUE'}", "kind: Service\nspec: {ports: [{name: 'VALUE'}]}",
        "kind: ConfigMap\ndata: {k: \"a: VALUE\\nsops:\\n  mac: VALUE\\n\"}",
        // Masked by flux build, in words, in base64, and as a registry's login.
        "kind: Secret\nstringData: {k: '**SOPS**'}", "kind: Secret\ndata: {k: KipTT1BTKio=}",
        "kind: Secret\ndata: {.dockerconfigjson: LOGIN}",
        // Generated from an encrypted file.
        "kind: Secret\ndata: {k: DOCUMENT}", "kind: Secret\ndata: {k: ENVELOPE}",
        "kind: ConfigMap\nbinaryData: {k: DOCUMENT}",
        "kind: Secret\ndata:\n  k: |\n    WRAPPED",
    ])
    func `what SOPS encrypted is a riddle in whatever form it is built`(body: String) throws {
        let value = EncryptedManifestTests.value
        let document = EncryptedManifestTests.base64("password: \(value)\nsops:\n  mac: \(value)\n")
        let wrapped = stride(from: 0, to: document.count, by: 40).map {
            String(document.dropFirst($0).prefix(40))
        }
        let text =
            EncryptedManifestTests.head
            + body.replacingOccurrences(of: "VALUE", with: value)
            .replacingOccurrences(of: "LOGIN", with: EncryptedManifestTests.base64(#"{"mask":"**SOPS**"}"#))
            .replacingOccurrences(of: "DOCUMENT", with: document)
            .replacingOccurrences(of: "ENVELOPE", with: EncryptedManifestTests.base64(value))
            .replacingOccurrences(of: "WRAPPED", with: wrapped.joined(separator: "\n    "))
        let substitution = #"{"postBuild":{"substitute":{"name":"x"}}}"#
        for spec in ["{}", substitution] {
            let state = try desired(text, spec: spec)
            #expect(state.objects.isEmpty && state.riddles.map(\.entry.name) == ["s"])
            #expect(state.riddles.first?.why == "is encrypted with SOPS" && state.remarks.isEmpty)
        }
    }

    @Test func `items of a list that was encrypted are riddles too`() throws {
        let state = try desired(
            "{apiVersion: v1, kind: List, sops: {mac: x}, items: [{apiVersion: v1, kind: A, metadata: {name: b}}]}"
        )
        #expect(state.objects.isEmpty && state.riddles.map(\.entry.name) == ["b"])
    }

    @Test func `what refers to a name that depends on encrypted content is a riddle, the rest is compared`()
        throws
    {
        let data = EncryptedManifestTests.base64(EncryptedManifestTests.value)
        let state = try desired(
            """
            {apiVersion: v1, kind: Secret, metadata: {name: app-7t2f8k9b5g}, data: {k: \(data)}}
            ---
            {apiVersion: v1, kind: Secret, metadata: {name: plain}, sops: {mac: x}, data: {k: x}}
            ---
            {apiVersion: v1, kind: Pod, metadata: {name: one}, spec: {volumes: [{secret: {name: app-7t2f8k9b5g}}]}}
            ---
            {apiVersion: v1, kind: Pod, metadata: {name: two}, spec: {volumes: [{secret: {name: plain}}]}}
            """
        )
        #expect(state.objects.map(\.entry.name) == ["two"])
        #expect(state.riddles.map(\.entry.name) == ["app-7t2f8k9b5g", "plain", "one"])
        #expect(state.riddles.last?.why.contains("app-7t2f8k9b5g") == true)
    }

    @Test func `an encrypted file that nothing shows is told`() throws {
        let text = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}"
        let state = try desired(text, encrypted: ["apps/a.env", "apps/b.env"])
        #expect(state.objects.count == 1 && state.remarks.count == 1)
        #expect(state.remarks.first?.contains("apps/a.env and 1 more is encrypted with SOPS") == true)
        #expect(RenderedManifests.isEncrypted(Array("KEY=\(EncryptedManifestTests.value)".utf8)))
        #expect(!RenderedManifests.isEncrypted(Array("KEY=ENC[]".utf8)))
    }

    @Test func `words about SOPS are no riddle`() throws {
        let state = try desired(
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {readme: 'use **SOPS** and ENC[]'}}"
        )
        #expect(state.objects.count == 1 && state.riddles.isEmpty)
    }
}
