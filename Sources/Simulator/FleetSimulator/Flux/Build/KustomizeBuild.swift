/// Builds the objects of a folder as `kustomize build` does, from files that need not be on disk.
///
/// - Source: the kustomization file reference of kustomize v5, and how kustomize-controller generates the file
///   for folders that have none.
struct KustomizeBuild {
    let tree: any FileTree
    let files: ManifestFiles
    /// The folder that errors name as the root, as kustomize-controller unpacks artifacts.
    var root = "/tmp/kustomization-1"

    /// What a kustomization file may be called.
    static let fileNames = ["kustomization.yaml", "kustomization.yml", "Kustomization"]

    /// The objects of a folder, with a Kustomization's own changes applied on top.
    func build(folder: String, overlay: Overlay = Overlay()) throws(BuildProblem) -> [JSON] {
        guard let folder = FilePath.normal(folder) else {
            throw BuildProblem(message: "security; path '\(folder)' is not in or below '\(root)'")
        }
        let written = try kustomization(in: folder)
        let own = written ?? generated(for: folder)
        var resources = try accumulate(overlay.applied(to: own), folder: folder, chain: [folder])
        addHashes(to: &resources)
        return resources.map(\.object)
    }

    /// The parsed kustomization file of a folder; nil when it has none.
    func kustomization(in folder: String) throws(BuildProblem) -> JSON? {
        for name in Self.fileNames {
            guard let path = FilePath.join(folder, name), let content = tree.content(of: path) else {
                continue
            }
            do {
                return try files.documents(content).first ?? .object([:])
            } catch {
                throw BuildProblem(message: "invalid Kustomization: \(path): \(error.message)")
            }
        }
        return nil
    }

    /// The kustomization that kustomize-controller writes for a folder without one: every manifest below it.
    private func generated(for folder: String) -> JSON {
        .object(["resources": .array(manifests(below: folder, under: folder).map { .string($0) })])
    }

    private func manifests(below folder: String, under base: String) -> [String] {
        tree.entries(of: folder).flatMap { name -> [String] in
            guard let path = FilePath.join(folder, name), !name.hasPrefix(".") else { return [] }
            let relative = base.isEmpty ? path : String(path.dropFirst(base.count + 1))
            switch tree.kind(of: path) {
            case .folder where Self.fileNames.contains { tree.kind(of: "\(path)/\($0)") == .file }:
                return [relative]
            case .folder:
                return manifests(below: path, under: base)
            case .file where name.hasSuffix(".yaml") || name.hasSuffix(".yml"):
                return [relative]
            default:
                return []
            }
        }
    }

    /// The objects that a kustomization file describes, in its folder.
    func accumulate(
        _ own: JSON,
        folder: String,
        chain: [String]
    ) throws(BuildProblem) -> [Manifest] {
        var resources: [Manifest] = []
        for entry in list(own, "resources") + list(own, "bases") {
            resources += try accumulate(resource: entry, folder: folder, chain: chain)
        }
        try checkDuplicates(resources)
        resources = try generate(own, folder: folder, onto: resources)
        for entry in list(own, "components") {
            resources = try accumulate(component: entry, folder: folder, chain: chain, onto: resources)
        }
        return try transform(resources, by: own, folder: folder)
    }

    private func accumulate(
        resource entry: String,
        folder: String,
        chain: [String]
    ) throws(BuildProblem) -> [Manifest] {
        guard !entry.contains("://"), !entry.hasPrefix("github.com/"), !entry.hasPrefix("git@") else {
            throw wrapped(entry, "remote bases cannot be reached from here: '\(entry)'")
        }
        guard let path = FilePath.join(folder, entry) else {
            throw wrapped(entry, "security; path '\(entry)' is not in or below '\(root)'")
        }
        switch tree.kind(of: path) {
        case .file:
            return try manifests(inFile: path, entry: entry)
        case .folder:
            return try accumulate(folder: path, entry: entry, chain: chain)
        case nil:
            let place = "\(root)/\(path)"
            throw BuildProblem(
                message: "accumulating resources: accumulation err='accumulating resources from '\(entry)': "
                    + "open \(place): no such file or directory': must build at directory: not a valid directory: "
                    + "evalsymlink failure on '\(place)' : lstat \(place): no such file or directory"
            )
        }
    }

    private func accumulate(
        folder path: String,
        entry: String,
        chain: [String]
    ) throws(BuildProblem) -> [Manifest] {
        guard !chain.contains(path) else {
            let cycle =
                "cycle detected: candidate root '\(root)/\(path)' contains visited root '\(root)/\(path)'"
            throw wrapped(entry, cycle)
        }
        guard let own = try kustomization(in: path) else {
            throw wrapped(
                entry,
                "unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory "
                    + "'\(root)/\(path)'"
            )
        }
        do {
            return try accumulate(own, folder: path, chain: chain + [path])
        } catch {
            throw BuildProblem(
                message: "accumulating resources: accumulation err='accumulating resources from '\(entry)': "
                    + "read \(root)/\(path): is a directory': recursed accumulation of path '\(root)/\(path)': "
                    + error.message
            )
        }
    }

    private func accumulate(
        component entry: String,
        folder: String,
        chain: [String],
        onto resources: [Manifest]
    ) throws(BuildProblem) -> [Manifest] {
        guard
            let path = FilePath.join(folder, entry),
            let own = try kustomization(in: path),
            !chain.contains(path)
        else {
            throw BuildProblem(
                message: "accumulating components: accumulateDirectory: \"couldn't make target for path "
                    + "'\(root)/\(FilePath.join(folder, entry) ?? entry)': unable to find one of "
                    + "'kustomization.yaml', 'kustomization.yml' or 'Kustomization'\""
            )
        }
        // A component changes what its parent has so far, besides what it adds itself.
        var joined = resources
        for resource in list(own, "resources") {
            joined += try accumulate(resource: resource, folder: path, chain: chain + [path])
        }
        try checkDuplicates(joined)
        joined = try generate(own, folder: path, onto: joined)
        for nested in list(own, "components") {
            joined = try accumulate(component: nested, folder: path, chain: chain + [path], onto: joined)
        }
        return try transform(joined, by: own, folder: path)
    }

    private func manifests(inFile path: String, entry: String) throws(BuildProblem) -> [Manifest] {
        guard let content = tree.content(of: path) else { return [] }
        let documents: [JSON]
        do {
            documents = try files.documents(content)
        } catch {
            throw wrapped(entry, "MalformedYAMLError: \(error.message) in File: \(path)")
        }
        var manifests: [Manifest] = []
        for document in documents where !document.isNull {
            guard document.object != nil, !document.kind.isEmpty, !document.apiVersion.isEmpty else {
                throw wrapped(entry, "missing Resource metadata in File: \(path)")
            }
            guard !document.name.isEmpty else {
                throw wrapped(
                    entry,
                    "missing metadata.name in object {{\(document.apiVersion) \(document.kind)} {{ }}}"
                )
            }
            manifests.append(Manifest(document))
        }
        return manifests
    }

    private func checkDuplicates(_ resources: [Manifest]) throws(BuildProblem) {
        var seen: Set<String> = []
        for resource in resources {
            let object = resource.object
            let id =
                "\(object.kind).\(object.version).\(object.group.isEmpty ? "[noGrp]" : object.group)/\(object.name)"
                + ".\(object.namespace ?? "[noNs]")"
            guard seen.insert(id).inserted else {
                throw BuildProblem(
                    message:
                        "accumulating resources: merging resources from '\(object.name)': may not add resource "
                        + "with an already registered id: \(id)"
                )
            }
        }
    }

    /// Wraps the reason in the words that kustomize puts around every resource it could not take.
    private func wrapped(_ entry: String, _ reason: String) -> BuildProblem {
        BuildProblem(
            message: "accumulating resources: accumulation err='accumulating resources from '\(entry)': "
                + "\(reason)': must build at directory: '\(root)/\(entry)': file is not directory"
        )
    }

    /// The strings of a list in a kustomization file.
    func list(_ own: JSON, _ key: String) -> [String] {
        (own[key]?.array ?? []).compactMap(\.string)
    }
}
