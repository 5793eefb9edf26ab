import Foundation
import Testing

@testable import FleetSimulator

struct StorePatchTests {
    private static func json(_ text: String) throws -> JSON {
        try JSON(parsing: Data(text.utf8))
    }

    @Test(
        arguments: [
            (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
            (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
            (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
            (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
            (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
            (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#),
            (#"{"e":null}"#, #"{"a":1}"#, #"{"a":1,"e":null}"#),
            (#"{}"#, #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
        ]
    )
    func `merge patches do what their standard says`(value: String, patch: String, result: String) throws {
        #expect(MergePatch.apply(try Self.json(patch), to: try Self.json(value)) == (try Self.json(result)))
    }

    @Test(
        arguments: [
            (#"{"a":1}"#, #"[{"op":"add","path":"/b","value":[1]}]"#, #"{"a":1,"b":[1]}"#),
            (#"{"a":[1,3]}"#, #"[{"op":"add","path":"/a/1","value":2}]"#, #"{"a":[1,2,3]}"#),
            (#"{"a":[1]}"#, #"[{"op":"add","path":"/a/-","value":2}]"#, #"{"a":[1,2]}"#),
            (#"{"a":{"b/c":1}}"#, #"[{"op":"remove","path":"/a/b~1c"}]"#, #"{"a":{}}"#),
            (#"{"a":[1,2]}"#, #"[{"op":"replace","path":"/a/0","value":9}]"#, #"{"a":[9,2]}"#),
            (#"{"a":{"b":1}}"#, #"[{"op":"move","from":"/a/b","path":"/c"}]"#, #"{"a":{},"c":1}"#),
            (#"{"a":{"b":1}}"#, #"[{"op":"copy","from":"/a","path":"/c"}]"#, #"{"a":{"b":1},"c":{"b":1}}"#),
            (#"{"a":1}"#, #"[{"op":"test","path":"/a","value":1},{"op":"remove","path":"/a"}]"#, "{}"),
        ]
    )
    func `JSON patches do what their standard says`(value: String, patch: String, result: String) throws {
        #expect(
            try JSONPatch.apply(try Self.json(patch), to: try Self.json(value)) == (try Self.json(result))
        )
    }

    @Test(
        arguments: [
            #"[{"op":"test","path":"/a","value":2}]"#, #"[{"op":"remove","path":"/b"}]"#,
            #"[{"op":"add","path":"/b/c","value":1}]"#, #"[{"op":"replace","path":"/b","value":1}]"#,
            #"[{"op":"add","path":"b","value":1}]"#, #"[{"op":"sing","path":"/a"}]"#,
            #"[{"op":"move","from":"/x","path":"/y"}]"#, #"[{"op":"add","path":"/c"}]"#,
        ]
    )
    func `a JSON patch that does not fit is refused whole`(patch: String) throws {
        let patch = try Self.json(patch)
        let refusal = failure { () throws(APIStatus) in try JSONPatch.apply(patch, to: ["a": 1]) }
        #expect(refusal == .patchRejected())
    }

    @Test(
        arguments: [
            // Merged by name; the patched one keeps its place.
            (
                #"[{"name":"a","image":"1"},{"name":"b","image":"1"}]"#,
                #"{"containers":[{"name":"b","image":"2"}]}"#,
                #"[{"name":"a","image":"1"},{"name":"b","image":"2"}]"#
            ),
            // New ones come first when nothing says otherwise.
            (
                #"[{"name":"a"}]"#, #"{"containers":[{"name":"b"}]}"#, #"[{"name":"b"},{"name":"a"}]"#
            ),
            (
                #"[{"name":"a"}]"#,
                #"{"containers":[{"name":"b"}],"$setElementOrder/containers":[{"name":"a"},{"name":"b"}]}"#,
                #"[{"name":"a"},{"name":"b"}]"#
            ),
            (
                #"[{"name":"a"},{"name":"b"}]"#, #"{"containers":[{"name":"a","$patch":"delete"}]}"#,
                #"[{"name":"b"}]"#
            ),
            (
                #"[{"name":"a"},{"name":"b"}]"#, #"{"containers":[{"name":"c"},{"$patch":"replace"}]}"#,
                #"[{"name":"c"}]"#
            ),
            (
                #"[{"name":"a","args":["x"],"env":[{"name":"E","value":"1"}]}]"#,
                #"{"containers":[{"name":"a","args":["y"],"env":[{"name":"E","value":"2"}]}]}"#,
                #"[{"name":"a","args":["y"],"env":[{"name":"E","value":"2"}]}]"#
            ),
        ]
    )
    func `strategic merge patches merge lists by their keys`(live: String, patch: String, result: String)
        throws
    {
        let object: JSON = ["spec": ["containers": try Self.json(live)]]
        let schema = Schemas.schema(of: Kinds.pod)
        let made = StrategicMergePatch.apply(["spec": try Self.json(patch)], to: object, schema: schema)
        #expect(made["spec"]?["containers"] == (try Self.json(result)))
    }

    @Test func `strategic merge patches delete, replace and retain`() throws {
        let object: JSON = [
            "metadata": ["finalizers": ["a", "b"], "labels": ["x": "1", "y": "2"]],
            "spec": ["strategy": ["type": "RollingUpdate", "rollingUpdate": ["maxSurge": 1]]],
        ]
        let patch = try Self.json(
            """
            {"metadata":{"$deleteFromPrimitiveList/finalizers":["a"],"finalizers":["c"],
            "labels":{"$patch":"replace","z":"3"}},
            "spec":{"strategy":{"$retainKeys":["type"],"type":"Recreate"}}}
            """
        )
        let schema = Schemas.schema(of: Kinds.deployment)
        let made = StrategicMergePatch.apply(patch, to: object, schema: schema)
        #expect(made["metadata"] == ["finalizers": ["b", "c"], "labels": ["z": "3"]])
        #expect(made["spec"]?["strategy"] == ["type": "Recreate"])
    }

    @Test func `every kind has a schema that can be read`() {
        for type in ResourceTypes.all {
            let schema = Schemas.schema(of: type)
            #expect(schema.field("metadata") != nil, "\(type.kind)")
            if !type.builtIn, type.hasStatus { #expect(schema.field("status") != nil, "\(type.kind)") }
        }
    }

    @Test func `kinds say of their definition what its schema says`() {
        for type in ResourceTypes.flux {
            let status = Schemas.schema(of: type).field("status")
            #expect((status != nil) == type.hasStatus, "\(type.kind)")
            #expect((status?.fallback != nil) == type.defaultsObservedGeneration, "\(type.kind)")
            #expect(Set(type.printerColumns.map(\.name)).count == type.printerColumns.count)
            #expect(type.printerColumns.contains { $0.name == "Age" })
        }
    }

    @Test func `the sets of fields add, subtract and intersect`() throws {
        let one = FieldSet(fieldsV1: try Self.json(#"{"f:a":{".":{},"f:b":{}},"f:c":{}}"#))
        let two = FieldSet(fieldsV1: try Self.json(#"{"f:a":{"f:b":{},"f:d":{}}}"#))
        #expect(one.union(two).fieldsV1.text == #"{"f:a":{".":{},"f:b":{},"f:d":{}},"f:c":{}}"#)
        #expect(one.subtracting(two).fieldsV1.text == #"{"f:a":{},"f:c":{}}"#)
        #expect(one.intersection(two).fieldsV1.text == #"{"f:a":{"f:b":{}}}"#)
        #expect(one.subtracting(one).isEmpty)
    }

    @Test(
        arguments: [
            (
                ["f:spec", "f:containers", #"k:{"name":"app"}"#, "f:image"],
                #".spec.containers[name="app"].image"#
            ),
            (
                ["f:ports", #"k:{"containerPort":80,"protocol":"TCP"}"#],
                #".ports[containerPort=80,protocol="TCP"]"#
            ),
            (["f:metadata", "f:finalizers", #"v:"a.b/c""#], #".metadata.finalizers[="a.b/c"]"#),
            (["f:data", "f:app.yaml"], ".data.app.yaml"),
        ]
    )
    func `paths are shown as conflict messages show them`(path: [String], text: String) {
        #expect(FieldSet.display(path) == text)
    }
}
