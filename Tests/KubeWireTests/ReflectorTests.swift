import Foundation
import Kube
import KubeWire
import Testing

/// A table as an owner would keep it.
struct Table {
    private(set) var rows: [ObjectRef: FluxResource] = [:]

    mutating func apply(_ changes: [Reflector<FluxResource>.Change]) {
        for change in changes {
            switch change {
            case .put(let resource): rows[resource.ref] = resource
            case .remove(let ref, _): rows[ref] = nil
            }
        }
    }
}

func page(_ name: String) throws -> ListPage<FluxResource> {
    try AnswerReader(cluster: prod, kind: .kustomization, version: "v1").page(Recording(name: name).body)
}

struct ReflectorTests {
    @Test func `a list is swapped in whole`() throws {
        var reflector = Reflector<FluxResource>()
        var table = Table()
        reflector.listBegan()
        reflector.pageArrived(try page("201-list-page-1").items)
        #expect(table.rows.isEmpty)
        reflector.pageArrived(try page("202-list-page-2").items)
        table.apply(reflector.listCompleted(known: table.rows.keys))
        #expect(table.rows.count == 6)
    }

    @Test func `what a new list does not hold is removed in the same step`() throws {
        var reflector = Reflector<FluxResource>()
        var table = Table()
        for name in ["201-list-page-1", "202-list-page-2"] {
            reflector.listBegan()
            reflector.pageArrived(try page(name).items)
            table.apply(reflector.listCompleted(known: table.rows.keys))
        }
        #expect(Set(table.rows.keys) == Set(try page("202-list-page-2").items.map(\.ref)))
    }

    @Test func `a list that begins again forgets its pages`() throws {
        var reflector = Reflector<FluxResource>()
        reflector.listBegan()
        reflector.pageArrived(try page("201-list-page-1").items)
        reflector.listBegan()
        #expect(reflector.listCompleted(known: []).isEmpty)
    }

    @Test func `pages tell their version and what follows`() throws {
        let first = try page("201-list-page-1")
        let last = try page("203-list-last-page")
        #expect(first.resourceVersion == "1045" && first.next != nil)
        #expect(last.next == nil)
        #expect(first.refused == 0 && first.items.count == 3)
        #expect(try page("226-empty-list").items.isEmpty)
        #expect(try page("227-empty-list-core").next == nil)
    }

    @Test func `an item that cannot be read costs only itself`() throws {
        let body = #"{"metadata":{"resourceVersion":"5"},"items":[7,{"metadata":{"name":"a"}},{}]}"#
        let reader = AnswerReader<FluxResource>(cluster: prod, kind: .kustomization, version: "v1")
        let page = try reader.page(Array(body.utf8))
        #expect(page.items.map(\.ref.name) == ["a"])
        #expect(page.refused == 2)
    }

    @Test(arguments: ["", "{}", "[]", "{\"items\":[]}", "<html>", "{\"metadata\":7}"])
    func `what is no list is refused`(body: String) {
        let reader = AnswerReader<FluxResource>(cluster: prod)
        #expect(throws: KubeStatus.self) { try reader.page(Array(body.utf8)) }
    }
}
