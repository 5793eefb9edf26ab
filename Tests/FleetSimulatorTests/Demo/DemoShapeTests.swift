import Foundation
import Testing

@testable import FleetSimulator

/// The objects of the demo have the shapes of real ones: compared with the examples, path by path.
struct DemoShapeTests {
    /// Every path of an object with the type of its value; list indices and free-form keys are left out.
    private static func shape(_ value: JSON, at path: String = "") -> Set<String> {
        switch value {
        case .object(let members):
            let isFree = freeForm.contains { path.hasSuffix($0) }
            return members.reduce(into: ["\(path):object"]) { paths, member in
                paths.formUnion(shape(member.value, at: path + "." + (isFree ? "*" : member.key)))
            }
        case .array(let elements):
            return elements.reduce(into: ["\(path):array"]) { $0.formUnion(shape($1, at: path + "[]")) }
        case .string: return ["\(path):string"]
        case .int, .double: return ["\(path):number"]
        case .bool: return ["\(path):bool"]
        case .null: return ["\(path):null"]
        }
    }

    private static let freeForm = [".metadata", ".observedPolicies", ".exportedInputs[]"]

    /// What real objects may have beside what the examples happen to show.
    private static let alsoReal: [String: Set<String>] = [
        "HelmRelease": [".lastHandledReconcileAt:string", ".lastHandledForceAt:string"],
        "GitRepository": [".lastHandledReconcileAt:string"],
    ]

    private func examples() throws -> [String: Set<String>] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Fixtures/examples")
        var shapes: [String: Set<String>] = [:]
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path)
        where file.hasSuffix(".json") {
            let object = try JSON(parsing: try Data(contentsOf: folder.appendingPathComponent(file)))
            guard let status = object["status"] else { continue }
            shapes[object.kind, default: []].formUnion(Self.shape(status))
        }
        return shapes
    }

    @Test func `every status of the demo has the shape of an example`() throws {
        let examples = try examples()
        let world = try DemoWorld(resources: 40)
        var seen: Set<String> = []
        for (name, store) in world.clusters {
            for type in FluxKinds.reconciled + [FluxKinds.externalArtifact] {
                for object in try store.list(type).items {
                    guard let status = object["status"], let known = examples[type.kind] else { continue }
                    seen.insert(type.kind)
                    let unknown = Self.shape(status).subtracting(known).subtracting(
                        Self.alsoReal[type.kind] ?? []
                    )
                    #expect(unknown.isEmpty, "\(name) \(type.kind) \(object.name): \(unknown.sorted())")
                }
            }
        }
        #expect(
            seen.isSuperset(of: [
                "Kustomization", "HelmRelease", "GitRepository", "HelmChart", "FluxInstance",
            ])
        )
    }
}
