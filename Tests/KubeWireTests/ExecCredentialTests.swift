import Chrono
import Foundation
import KubeWire
import Testing

private struct Record: Decodable {
    let exit: Int
    let ok: Bool
    let server_answers: Int?
}

struct ExecCredentialTests {
    private static let samples = ((try? Fixture.names("kubeconfig/exec-output")) ?? [])
        .filter { $0.hasSuffix(".stdout") }.map { String($0.dropLast(".stdout".count)) }

    private let spec = ExecSpec(
        apiVersion: "client.authentication.k8s.io/v1",
        command: "weir-emit",
        interaction: .never
    )

    @Test func `all samples are found`() {
        #expect(Self.samples.count >= 20)
    }

    @Test(arguments: samples)
    func `outputs are taken and refused as by kubectl`(name: String) throws {
        let output = try Fixture.bytes("kubeconfig/exec-output/\(name).stdout")
        let record = try JSONDecoder().decode(
            Record.self,
            from: Data(Fixture.bytes("kubeconfig/exec-output/\(name).expected.json"))
        )
        let isGood = record.ok || record.server_answers != nil
        guard record.exit == 0 else {
            return
        }
        let result = Result { try ExecCredential.parse(output, for: spec) }
        switch result {
        case .success(let credential):
            #expect(isGood)
            #expect(credential.token != nil || credential.certificate != nil)
        case .failure(let fault):
            #expect(!isGood)
            let message = try #require((fault as? ExecFault)?.message)
            #expect(message.contains("weir-emit") && !message.contains("REDACTED"))
        }
    }

    @Test func `expiry may have fraction and zone`() throws {
        let output = try Fixture.bytes("kubeconfig/exec-output/18-expiry-with-fraction.stdout")
        let credential = try ExecCredential.parse(output, for: spec)
        #expect(credential.expires == Timestamp(rfc3339: "2099-01-01T00:00:00.123456Z"))
    }

    @Test(arguments: [
        "07-exec-v1-cluster-info", "08-exec-v1beta1", "70-eks", "71-gke", "72-aks", "76-oidc-login",
        "77-teleport",
    ])
    func `the plugin is called as by kubectl`(name: String) throws {
        let record = try #require(
            try JSONSerialization.jsonObject(
                with: Data(Fixture.bytes("kubeconfig/\(name).expected.json"))
            ) as? [String: Any]
        )
        let call = try #require((record["exec"] as? [[String: Any]])?.first)
        let access = try KubeconfigSample(name: name).chosen().get()
        let spec = try #require(access.credentials.exec)
        let argv = try #require(call["argv"] as? [String])
        // kubectl runs its own plugins under the name of their file.
        if spec.command != "kubectl" {
            #expect([spec.command] + spec.arguments == argv)
        }
        let environment = Dictionary(uniqueKeysWithValues: spec.environment.map { ($0.name, $0.value) })
        #expect(environment == call["env"] as? [String: String])
        var authority: Secret?
        if case .inline(let pem)? = spec.cluster?.authority {
            authority = pem
        }
        let info = try JSONSerialization.jsonObject(with: Data(spec.info(authority: authority).utf8))
        #expect(info as? NSDictionary == call["info"] as? NSDictionary)
    }

    @Test func `hostile output gives a fault, not a crash`() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<300 {
            let bytes = (0..<Int.random(in: 0...64, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let result = Result { try ExecCredential.parse(bytes, for: spec) }
            #expect((try? result.get()) == nil, "seed \(seed)")
        }
    }
}
