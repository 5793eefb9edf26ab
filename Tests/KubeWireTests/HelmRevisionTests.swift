import Kube
import KubeWire
import Testing

/// Where Helm keeps a deployed release, and what is read of it.
struct HelmRevisionTests {
    private static func object(_ spec: String, _ status: String) throws -> ObjectValue {
        let text = #"{"metadata":{"name":"cart","namespace":"apps"},"spec":\#(spec),"status":\#(status)}"#
        return try ObjectValue(json: Array(text.utf8))
    }

    private static let deployed = #"{"name":"shop-cart","namespace":"shop","version":3,"status":"deployed"}"#

    @Test func `the deployed revision is found by what the status says of it`() throws {
        let object = try HelmRevisionTests.object(
            #"{"targetNamespace":"other","storageNamespace":"ignored"}"#,
            #"{"storageNamespace":"helm","history":[\#(HelmRevisionTests.deployed)]}"#
        )
        let revision = try HelmRevision(object)
        #expect(revision.storageNamespace == "helm" && revision.namespace == "shop")
        #expect(revision.secretName == "sh.helm.release.v1.shop-cart.v3" && revision.remarks.isEmpty)
    }

    @Test(arguments: [
        (#"{}"#, "apps", "cart"), (#"{"targetNamespace":"shop"}"#, "apps", "shop-cart"),
        (#"{"releaseName":"own","storageNamespace":"helm"}"#, "helm", "own"),
    ])
    func `what the status does not say follows from the spec`(spec: String, storage: String, name: String)
        throws
    {
        let status = #"{"history":[{"version":1,"status":"deployed"}]}"#
        let revision = try HelmRevision(HelmRevisionTests.object(spec, status))
        #expect(revision.storageNamespace == storage && revision.name == name)
    }

    @Test func `a failed upgrade leaves the release before it, and says so`() throws {
        let status = #"{"history":[{"version":4,"status":"failed"},\#(HelmRevisionTests.deployed)]}"#
        let revision = try HelmRevision(HelmRevisionTests.object("{}", status))
        #expect(revision.version == 3 && revision.remarks.first?.contains("v4") == true)
    }

    @Test(arguments: [
        "{}", #"{"history":[{"version":1,"status":"failed"}]}"#, #"{"history":[{"status":"deployed"}]}"#,
    ])
    func `without a deployed release there is a sentence`(status: String) throws {
        #expect(throws: HelmRevision.Absence.self) {
            try HelmRevision(HelmRevisionTests.object("{}", status))
        }
    }

    @Test func `a release that was stored without compression is read, and another one is not`() throws {
        let revision = try HelmRevision(
            HelmRevisionTests.object("{}", #"{"history":[\#(HelmRevisionTests.deployed)]}"#)
        )
        // base64 of base64 of {"name":"shop-cart","version":3,"namespace":"shop","manifest":"kind: A"}
        let twice =
            "ZXlKdVlXMWxJam9pYzJodmNDMWpZWEowSWl3aWRtVnljMmx2YmlJNk15d2li"
            + "bUZ0WlhOd1lXTmxJam9pYzJodmNDSXNJbTFoYm1sbVpYTjBJam9pYTJsdVpEb2dRU0o5"
        let packed = try #require(HelmRevision.packed(in: Array(#"{"data":{"release":"\#(twice)"}}"#.utf8)))
        #expect(!HelmRevision.isCompressed(packed))
        #expect(revision.release(json: packed)?.manifest == "kind: A")
        #expect(revision.release(json: Array(#"{"name":"shop-cart","version":2,"manifest":""}"#.utf8)) == nil)
        #expect(HelmRevision.packed(in: Array(#"{"data":{}}"#.utf8)) == nil)
    }
}
