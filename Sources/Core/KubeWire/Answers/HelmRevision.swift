package import Kube
import Text

/// Where Helm keeps the deployed revision of a HelmRelease, and how what is kept there is read.
///
/// - Source: a Secret `sh.helm.release.v1.NAME.vN` of type `helm.sh/release.v1`, whose `release` is base64 of gzip of
///   JSON, and the API's own base64 around it. Very old ones are not compressed.
package struct HelmRevision: Hashable, Sendable {
    package let storageNamespace: String
    package let name: String
    package let namespace: String
    package let version: Int
    /// What makes it another thing than what runs, one sentence each.
    package let remarks: [String]

    /// Why there is none to compare with, in one sentence.
    package struct Absence: Error, Hashable, Sendable {
        package let why: String
    }

    /// The revision that runs, as the status of a HelmRelease tells.
    ///
    /// - Shape: `object` is the HelmRelease as a whole.
    package init(_ object: ObjectValue) throws(Absence) {
        let (metadata, spec, status) = (object["metadata"], object["spec"], object["status"])
        let own = metadata?["namespace"]?.text ?? ""
        let history = status?["history"]?.elements ?? []
        guard let newest = history.first else {
            throw Absence(why: "helm-controller has released nothing of it yet")
        }
        guard let deployed = history.first(where: { $0["status"]?.text == "deployed" }),
            case .whole(let version)? = deployed["version"], version > 0
        else {
            let word = Sanitiser.line(newest["status"]?.text ?? "unknown", limit: 40)
            throw Absence(why: "no release of it is deployed, the newest is \(word): its summary says why")
        }
        let target = spec?["targetNamespace"]?.text
        let composed = [target, metadata?["name"]?.text].compactMap(\.self).joined(separator: "-")
        self.version = Int(version)
        name = deployed["name"]?.text ?? spec?["releaseName"]?.text ?? composed
        namespace = deployed["namespace"]?.text ?? target ?? own
        storageNamespace = status?["storageNamespace"]?.text ?? spec?["storageNamespace"]?.text ?? own
        if deployed != newest, case .whole(let number)? = newest["version"] {
            let word = Sanitiser.line(newest["status"]?.text ?? "unknown", limit: 40)
            remarks = ["v\(number) of the release is \(word): some of its objects may be in place"]
        } else {
            remarks = []
        }
    }

    package var secretName: String { "sh.helm.release.v1.\(name).v\(version)" }

    /// The bytes in a Secret's answer, compressed or not; nil where it holds no release.
    package static func packed(in body: [UInt8]) -> [UInt8]? {
        guard let text = try? ObjectValue(json: body)["data"]?["release"]?.text,
            let outer = Base64.decode(text)
        else {
            return nil
        }
        return Base64.decode(String(decoding: outer, as: UTF8.self))
    }

    /// True for bytes that have to be unpacked before they are read.
    package static func isCompressed(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: [0x1F, 0x8B, 0x08])
    }

    /// The release in unpacked bytes; nil where they are another one, or none.
    package func release(json: [UInt8]) -> StoredRelease? {
        guard let value = try? ObjectValue(json: json), value["name"]?.text == name,
            value["version"] == .whole(Int64(version)), let manifest = value["manifest"]?.text
        else {
            return nil
        }
        return StoredRelease(
            name: Sanitiser.line(name, limit: 100),
            namespace: value["namespace"]?.text ?? namespace,
            version: version,
            manifest: manifest,
            remarks: remarks
        )
    }
}
