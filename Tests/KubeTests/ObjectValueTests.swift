import Kube
import Testing

struct ObjectValueTests {
    @Test(arguments: [
        #"{"a":[1,-2,1.5,true,false,null,"x\n\"y\"",{}],"b":{"c":"é😀"}}"#, "[]", "\"\"", "{}", "12",
    ])
    func `a text comes back as it was`(text: String) throws {
        #expect(try ObjectValue(json: Array(text.utf8)).json == text)
    }

    @Test(arguments: ["", "{", "[1,]", "nul", #"{"a":}"#])
    func `what is no JSON is refused`(text: String) {
        #expect(throws: JSONTape.Fault.self) { try ObjectValue(json: Array(text.utf8)) }
    }

    @Test func `members can be set and taken out`() throws {
        var value = try ObjectValue(json: Array(#"{"a":{"b":1,"managedFields":[]}}"#.utf8))
        #expect(value["a"]?["managedFields"]?.elements == [])
        value["a"]?["b"] = nil
        value["c"] = .flag(true)
        #expect(value.json == #"{"a":{"managedFields":[]},"c":true}"#)
    }
}
