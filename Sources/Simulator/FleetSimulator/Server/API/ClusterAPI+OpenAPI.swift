import Crypto
import Foundation

/// Enough of the OpenAPI v3 description for clients that ask it what a kind supports.
///
/// Schemas say only that a kind is an object; what kubectl looks for is that PATCH knows `fieldValidation`.
extension ClusterAPI {
    func openAPI(_ parts: [String], _ request: APIRequest) -> APIAnswer {
        guard parts.first == "v3" else { return .pageNotFound }
        let path = parts.dropFirst().joined(separator: "/")
        if path.isEmpty { return .json(openAPIIndex, for: request) }
        let types = self.types.filter { Self.openAPIPath($0) == path }
        guard !types.isEmpty else { return .pageNotFound }
        return .json(document(types), for: request)
    }

    private static func openAPIPath(_ type: ResourceType) -> String {
        (type.group.isEmpty ? "api/" : "apis/") + type.apiVersion
    }

    private var openAPIIndex: JSON {
        let paths = types.map { type in
            let path = Self.openAPIPath(type)
            let hash = Hexadecimal.text(Crypto.SHA256.hash(data: Data(path.utf8)).prefix(16)).uppercased()
            return (path, ["serverRelativeURL": .string("/openapi/v3/\(path)?hash=\(hash)")] as JSON)
        }
        return ["paths": .object(Dictionary(paths, uniquingKeysWith: { $1 }))]
    }

    private func document(_ types: [ResourceType]) -> JSON {
        var paths: [String: JSON] = [:]
        var schemas: [String: JSON] = [:]
        for type in types {
            let prefix = (type.group.isEmpty ? "/api/" : "/apis/") + type.apiVersion
            let place = type.namespaced ? "/namespaces/{namespace}/" : "/"
            let name = Self.schemaName(type)
            let identity: JSON = [
                "group": .string(type.group), "version": .string(type.version), "kind": .string(type.kind),
            ]
            let content: JSON = ["schema": ["$ref": .string("#/components/schemas/\(name)")]]
            let responses: JSON = ["200": ["description": "OK", "content": ["application/json": content]]]
            let get: JSON = [
                "operationId": .string("read\(type.kind)"), "responses": responses,
                "x-kubernetes-action": "get", "x-kubernetes-group-version-kind": identity,
            ]
            let patch: JSON = [
                "operationId": .string("patch\(type.kind)"), "parameters": Self.patchParameters,
                "requestBody": ["content": ["application/apply-patch+yaml": content]], "responses": responses,
                "x-kubernetes-action": "patch", "x-kubernetes-group-version-kind": identity,
            ]
            paths["\(prefix)\(place)\(type.plural)/{name}"] = ["get": get, "patch": patch]
            schemas[name] = [
                "type": "object", "x-kubernetes-group-version-kind": [identity],
                "x-kubernetes-preserve-unknown-fields": true,
            ]
        }
        return [
            "openapi": "3.0.0",
            "info": [
                "title": "Kubernetes",
                "version": .string("v\(version.major).\(version.minor).\(version.patch)"),
            ],
            "paths": .object(paths), "components": ["schemas": .object(schemas)],
        ]
    }

    private static let patchParameters: JSON = .array(
        ["dryRun", "fieldManager", "fieldValidation", "force"].map { name in
            [
                "name": .string(name), "in": "query",
                "schema": ["type": .string(name == "force" ? "boolean" : "string"), "uniqueItems": true],
            ]
        }
    )

    private static func schemaName(_ type: ResourceType) -> String {
        let group = type.group.isEmpty ? "core" : type.group
        let labels = group.split(separator: ".").reversed().joined(separator: ".")
        return "\(labels).\(type.version).\(type.kind)"
    }
}
