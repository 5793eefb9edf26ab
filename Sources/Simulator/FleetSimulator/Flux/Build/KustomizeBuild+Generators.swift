/// ConfigMaps and Secrets made from literals and files.
extension KustomizeBuild {
    /// Adds what `configMapGenerator` and `secretGenerator` describe.
    func generate(_ own: JSON, folder: String, onto resources: [Manifest]) throws(BuildProblem) -> [Manifest]
    {
        var resources = resources
        for (key, kind) in [("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")] {
            for generator in own[key]?.array ?? [] {
                try generate(
                    kind,
                    generator,
                    options: own["generatorOptions"],
                    folder: folder,
                    onto: &resources
                )
            }
        }
        return resources
    }

    private func generate(
        _ kind: String,
        _ generator: JSON,
        options: JSON?,
        folder: String,
        onto resources: inout [Manifest]
    ) throws(BuildProblem) {
        let name = generator["name"]?.string ?? ""
        let pairs = try pairs(of: generator, folder: folder)
        let own = generator["options"]
        var object: JSON = ["apiVersion": "v1", "kind": .string(kind), "metadata": ["name": .string(name)]]
        if let namespace = generator["namespace"] { object[path: "metadata", "namespace"] = namespace }
        for part in ["labels", "annotations"] {
            let values = (options?[part]?.object ?? [:]).merging(own?[part]?.object ?? [:]) { $1 }
            if !values.isEmpty { object[path: "metadata", part] = .object(values) }
        }
        object["data"] = .map(kind == "Secret" ? pairs.mapValues(Base64.encoded) : pairs)
        if kind == "Secret" { object["type"] = generator["type"] ?? "Opaque" }

        let present = resources.firstIndex { $0.kind == kind && $0.isCalled(name) }
        switch (generator["behavior"]?.string ?? "create", present) {
        case ("merge", let index?):
            let merged = resources[index].object.strings("data").merging(object.strings("data")) { $1 }
            resources[index].object["data"] = .map(merged)
        case ("replace", let index?):
            resources[index].object["data"] = object["data"]
        case ("create", nil):
            let fixed =
                own?["disableNameSuffixHash"]?.bool ?? options?["disableNameSuffixHash"]?.bool ?? false
            resources.append(Manifest(object, wantsHash: !fixed))
        case ("create", _):
            throw BuildProblem(
                message: "merging from generator: id resid.ResId{Kind:\"\(kind)\", Name:\"\(name)\"} exists; "
                    + "behavior must be merge or replace"
            )
        default:
            throw BuildProblem(
                message:
                    "merging from generator: id resid.ResId{Kind:\"\(kind)\", Name:\"\(name)\"} does not exist; "
                    + "cannot merge or replace"
            )
        }
    }

    private func pairs(of generator: JSON, folder: String) throws(BuildProblem) -> [String: String] {
        var pairs: [String: String] = [:]
        for literal in list(generator, "literals") {
            let parts = literal.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else {
                throw BuildProblem(message: "invalid literal source \(literal), expected key=value")
            }
            pairs[String(parts[0])] = String(parts[1])
        }
        for source in list(generator, "files") {
            let parts = source.split(separator: "=", maxSplits: 1).map(String.init)
            let path = parts.last ?? source
            pairs[parts.count == 2 ? parts[0] : FilePath.name(path)] = try text(of: path, folder: folder)
        }
        for source in list(generator, "envs") {
            for line in try text(of: source, folder: folder).split(whereSeparator: \.isNewline)
            where !line.hasPrefix("#") {
                let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                if parts.count == 2 { pairs[String(parts[0])] = String(parts[1]) }
            }
        }
        return pairs
    }

    /// The text of a file that a kustomization file names.
    func text(of file: String, folder: String) throws(BuildProblem) -> String {
        guard let path = FilePath.join(folder, file), let content = tree.content(of: path) else {
            throw BuildProblem(
                message:
                    "loading KV pairs: file sources: [\(file)]: open \(root)/\(FilePath.join(folder, file) ?? file)"
                    + ": no such file or directory"
            )
        }
        return content.text
    }

    /// Gives generated objects their final names and lets everything that mentions them follow.
    func addHashes(to resources: inout [Manifest]) {
        var renamed: [NameReferences.Key: String] = [:]
        for index in resources.indices where resources[index].wantsHash {
            let old = resources[index].object.name
            let new = "\(old)-\(Self.contentHash(of: resources[index].object))"
            resources[index].object[path: "metadata", "name"] = .string(new)
            renamed[NameReferences.Key(kind: resources[index].kind, name: old)] = new
        }
        NameReferences(renamed: renamed).rewrite(&resources)
    }

    /// The ten letters that kustomize derives from a ConfigMap or Secret.
    ///
    /// - Source: kustomize `api/hasher`: SHA-256 of the object's JSON in a fixed key order, with the digits and
    ///   vowels that could form words replaced.
    static func contentHash(of object: JSON) -> String {
        // No data is the empty text there, not an empty object.
        let content = object["data"].flatMap { $0.object?.isEmpty == true ? nil : $0 } ?? ""
        let data = String(decoding: content.encoded(), as: UTF8.self)
        // The name is always empty there, as kubectl's own kustomize shows.
        var text = "{\"data\":\(data),\"kind\":\"\(object.kind)\",\"name\":\"\""
        if object.kind == "Secret" { text += ",\"type\":\"\(object["type"]?.string ?? "")\"" }
        let replaced: [Character: Character] = ["0": "g", "1": "h", "3": "k", "a": "m", "e": "t"]
        return String(ContentDigest.hex(text + "}").prefix(10).map { replaced[$0] ?? $0 })
    }
}
