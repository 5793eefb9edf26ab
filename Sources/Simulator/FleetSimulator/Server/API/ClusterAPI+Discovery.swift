import Crypto
import Foundation

/// What the server says about itself: groups, versions and kinds, in the plain and in the aggregated form.
extension ClusterAPI {
    func discovery(_ parts: [String], _ request: APIRequest) -> APIAnswer {
        let groups = APIGroup.all(of: types)
        switch (parts[0], parts.count) {
        case ("api", 1):
            let core = groups.filter(\.name.isEmpty)
            if wantsAggregated(request) { return aggregated(core, request) }
            return .json(legacyVersions(request), for: request)
        case ("apis", 1):
            let named = groups.filter { !$0.name.isEmpty }
            if wantsAggregated(request) { return aggregated(named, request) }
            let list: JSON = [
                "kind": "APIGroupList", "apiVersion": "v1", "groups": .array(named.map(\.summary)),
            ]
            return .json(list, for: request)
        case ("apis", 2):
            guard let group = groups.first(where: { $0.name == parts[1] && !$0.name.isEmpty }) else {
                return .pageNotFound
            }
            var answer = group.summary
            answer["kind"] = "APIGroup"
            answer["apiVersion"] = "v1"
            return .json(answer, for: request)
        case ("api", 2), ("apis", 3):
            let name = parts.count == 2 ? "" : parts[1]
            let version = groups.first { $0.name == name }?.versions.first {
                $0.version == parts[parts.count - 1]
            }
            guard let version else { return .pageNotFound }
            let list: JSON = [
                "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": .string(version.groupVersion),
                "resources": .array(version.resources.flatMap(\.rows)),
            ]
            return .json(list, for: request)
        default:
            return .pageNotFound
        }
    }

    private func legacyVersions(_ request: APIRequest) -> JSON {
        let address = request.header("Host") ?? "localhost"
        return [
            "kind": "APIVersions", "versions": ["v1"],
            "serverAddressByClientCIDRs": [["clientCIDR": "0.0.0.0/0", "serverAddress": .string(address)]],
        ]
    }

    /// A version of the form that the server does not know leads to the plain form, without a word.
    private func wantsAggregated(_ request: APIRequest) -> Bool {
        let ranges = MediaRange.list(request.header("Accept") ?? "")
        for range in ranges {
            if range.type == "application/json", range.parameters["as"] == nil { return false }
            if range.parameters["g"] == "apidiscovery.k8s.io", range.parameters["v"] == "v2",
                range.parameters["as"] == "APIGroupDiscoveryList", range.type == "application/json"
            {
                return true
            }
        }
        return false
    }

    private func aggregated(_ groups: [APIGroup], _ request: APIRequest) -> APIAnswer {
        let list: JSON = [
            "kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": [:],
            "items": .array(groups.map(\.discovery)),
        ]
        let digest = SHA512.hash(data: WireText.encode(list))
        let tag = "\"" + Hexadecimal.text(digest).uppercased() + "\""
        var answer = APIAnswer(status: 304, contentType: nil, body: .none)
        if request.header("If-None-Match") != tag {
            answer = .json(list, for: request)
            answer.contentType = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
        }
        answer.cacheControl = "public"
        answer.headers = [("Etag", tag), ("Vary", "Accept")]
        return answer
    }
}
