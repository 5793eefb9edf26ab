import Kube
import Text
import Yams

/// Finds the file and line that sets a field last, through bases, components, patches, images and generators.
///
/// - Shape: follows files in the order in which kustomize applies them, and tells what it does not follow.
package struct ManifestSearch {
    private let reader: TreeReader
    private let entry: InventoryEntry
    private let paths: [(text: String, path: FieldPath)]
    private var origins = ManifestOrigins()
    /// The last value of each field that was found, for image transformers.
    private var values: [String: String] = [:]
    private var parentDepths: [String: Int] = [:]
    /// True where a kustomization on the way sets the namespace, whatever manifests say.
    private var isNamespaceSet = false
    private var isLooseName = false
    private static let depthLimit = 32
    /// Directories and files read so far: a repository may lead back to itself.
    private var visits = 0
    private static let visitLimit = 2_000

    /// Where an object and its fields come from in the build of `path`.
    package static func origins(
        of target: ManifestQuestion.Target,
        path: String,
        transforms: [String],
        in reader: TreeReader
    ) -> ManifestOrigins {
        var search = ManifestSearch(reader, target)
        search.isNamespaceSet = transforms.contains("targetNamespace")
        search.isLooseName = transforms.contains("namePrefix") || transforms.contains("nameSuffix")
        search.walk(TreePath.normalised(path), [target.entry.name], depth: 0)
        let late = transforms.filter { ["patches", "images", "components"].contains($0) }
        if !late.isEmpty {
            let members = late.map { "spec.\($0)" }.joined(separator: ", ")
            search.doubt("\(members) of the Kustomization itself applies last, and may set it")
        }
        if search.origins.fields.values.contains(where: { $0.text.contains("${") }) {
            search.doubt("a variable of spec.postBuild is the value")
        }
        return search.origins
    }

    private init(_ reader: TreeReader, _ target: ManifestQuestion.Target) {
        self.reader = reader
        entry = target.entry
        paths = target.fields.map { ($0, FieldPath($0)) }
    }

    private mutating func doubt(_ sentence: String) {
        if !origins.doubts.contains(sentence), origins.doubts.count < 10 {
            origins.doubts.append(sentence)
        }
    }

    // MARK: - Directories

    private mutating func walk(_ directory: String, _ names: Set<String>, depth: Int) {
        guard depth < ManifestSearch.depthLimit, visits < ManifestSearch.visitLimit else {
            doubt("the build is too large to be followed to its end")
            return
        }
        visits += 1
        let build = PlainBuild(reader)
        guard let file = build.kustomization(in: directory) else {
            for name in build.resources(below: directory) {
                follow(name, from: directory, names, depth: depth)
            }
            return
        }
        guard let lines = ManifestLines(reader.bytes(file), file: file), let root = lines.nodes.first else {
            doubt("\(Sanitiser.line(file)) cannot be read")
            return
        }
        var names = names
        for name in names {
            if let prefix = root["namePrefix"]?.string, name.hasPrefix(prefix) {
                names.insert(String(name.dropFirst(prefix.count)))
            }
        }
        for name in names {
            if let suffix = root["nameSuffix"]?.string, name.hasSuffix(suffix) {
                names.insert(String(name.dropLast(suffix.count)))
            }
        }
        isNamespaceSet = isNamespaceSet || root["namespace"] != nil
        for key in ["resources", "bases", "components"] {
            for item in ManifestSearch.items(root[key]) {
                if let reference = item.string {
                    follow(reference, from: directory, names, depth: depth)
                }
            }
        }
        readGenerators(root, lines, directory, names)
        readPatches(root, lines, directory, names)
        readTransformers(root, lines, names)
        let unread = ["replacements", "vars", "transformers", "generators", "helmCharts"]
        let used = unread.filter { root[$0] != nil }
        if !used.isEmpty {
            doubt("\(Sanitiser.line(file)) uses \(used.joined(separator: ", ")), which may set it")
        }
    }

    private mutating func follow(
        _ reference: String,
        from directory: String,
        _ names: Set<String>,
        depth: Int
    ) {
        guard !reference.contains("\n"), visits < ManifestSearch.visitLimit else {
            return
        }
        visits += 1
        guard let place = TreePath.joined(directory, reference), let kind = reader.entry(place) else {
            doubt("\(Sanitiser.line(reference)) is not in the repository")
            return
        }
        if kind == .directory {
            walk(place, names, depth: depth + 1)
            return
        }
        guard let lines = ManifestLines(reader.bytes(place), file: place) else {
            doubt("\(Sanitiser.line(place)) cannot be read")
            return
        }
        for document in lines.nodes.flatMap({ ManifestSearch.opened($0) }) where isMeant(document, names) {
            origins.object = lines.place(document.mark?.line, hides: isSecret)
            look(at: document, lines, isBase: true)
        }
    }

    // MARK: - Documents

    private func isMeant(_ document: Node, _ names: Set<String>) -> Bool {
        guard document["kind"]?.string == entry.kind, let name = document["metadata"]?["name"]?.string else {
            return false
        }
        let version = document["apiVersion"]?.string ?? ""
        let group = version.firstIndex(of: "/").map { String(version[..<$0]) } ?? ""
        guard group == entry.group, names.contains(name) || isLooseName && entry.name.contains(name) else {
            return false
        }
        let namespace = document["metadata"]?["namespace"]?.string
        return namespace == nil || namespace == entry.namespace || isNamespaceSet
    }

    /// Notes each field that a document has; of a base also where those that it lacks would go.
    private mutating func look(at document: Node, _ lines: ManifestLines, isBase: Bool) {
        for (text, path) in paths {
            let found = find(path, in: document)
            if found.depth == path.steps.count {
                origins.fields[text] = lines.place(found.line, hides: hides(text))
                values[text] = found.node.scalar?.string
            } else if isBase, found.depth >= parentDepths[text] ?? 0 {
                parentDepths[text] = found.depth
                origins.parents[text] = lines.place(found.line, hides: hides(text))
            }
        }
    }

    private var isSecret: Bool { entry.isSecret }

    /// How far a document has a field; plain text of a Secret becomes data of the same key, and wins over it.
    private func find(_ path: FieldPath, in document: Node) -> (node: Node, line: Int?, depth: Int) {
        let found = path.find(in: document)
        guard isSecret, path.names.first == "data" else {
            return found
        }
        let plain = path.inStringData.find(in: document)
        return plain.depth == path.steps.count || plain.depth > found.depth ? plain : found
    }

    /// A line may hold more than its field: a map written in one line.
    private func hides(_ field: String) -> Bool {
        isSecret || entry.holdsSecret(at: field)
    }

    // MARK: - Patches

    private mutating func readPatches(
        _ root: Node,
        _ lines: ManifestLines,
        _ directory: String,
        _ names: Set<String>
    ) {
        for item in ManifestSearch.items(root["patchesStrategicMerge"]) {
            apply(item, nil, nil, lines, directory, names)
        }
        for key in ["patches", "patchesJson6902"] {
            for item in ManifestSearch.items(root[key]) {
                let target = item["target"]
                if let patch = item["patch"] {
                    apply(patch, nil, target, lines, directory, names)
                } else if let path = item["path"]?.string {
                    apply(nil, path, target, lines, directory, names)
                }
            }
        }
    }

    /// One patch, written in place or in a file of its own.
    private mutating func apply(
        _ node: Node?,
        _ path: String?,
        _ target: Node?,
        _ lines: ManifestLines,
        _ directory: String,
        _ names: Set<String>
    ) {
        var patch: ManifestLines?
        if let node {
            // A name in the old list of patches is a file, several lines are a patch.
            if let text = node.string, text.contains("\n") || path == nil && text.contains(":") {
                patch = lines.inner(node)
            } else if let text = node.string {
                patch = file(text, directory)
            }
        } else if let path {
            patch = file(path, directory)
        }
        guard let patch else {
            doubt("a patch of \(lines.file) cannot be read")
            return
        }
        for document in patch.nodes {
            if let operations = document.sequence {
                guard matches(target, names) else {
                    continue
                }
                for operation in operations {
                    take(operation, patch)
                }
            } else if target == nil ? isMeant(document, names) : matches(target, names) {
                look(at: document, patch, isBase: false)
            }
        }
    }

    private mutating func take(_ operation: Node, _ lines: ManifestLines) {
        guard let pointer = operation["path"]?.string else {
            return
        }
        for (text, path) in paths
        where path.isReached(by: pointer) || isSecret && path.inStringData.isReached(by: pointer) {
            let line = operation["value"]?.mark?.line ?? operation.mark?.line
            origins.fields[text] = lines.place(line, hides: hides(text))
        }
    }

    private func file(_ reference: String, _ directory: String) -> ManifestLines? {
        TreePath.joined(directory, reference).flatMap { ManifestLines(reader.bytes($0), file: $0) }
    }

    /// Whether a patch's target selects the object; labels and annotations are taken to match.
    private func matches(_ target: Node?, _ names: Set<String>) -> Bool {
        guard let target else {
            return false
        }
        func fits(_ key: String, _ texts: Set<String>) -> Bool {
            guard let pattern = target[key]?.string, !pattern.isEmpty, !texts.contains(pattern) else {
                return true
            }
            // Expressions are the repository's: only those that cannot take for ever are tried.
            let isPlain = pattern.replacing(".*", with: "").allSatisfy {
                $0.isASCII && ($0.isLetter || $0.isNumber || "-.".contains($0))
            }
            guard isPlain else {
                return true
            }
            let glob = PathPattern(pattern.replacing(".*", with: "*").replacing(".", with: "?"))
            return texts.contains { glob.matches($0) }
        }
        return fits("kind", [entry.kind]) && fits("group", [entry.group]) && fits("name", names)
            && (isNamespaceSet || fits("namespace", [entry.namespace]))
    }

    // MARK: - Transformers

    private mutating func readTransformers(_ root: Node, _ lines: ManifestLines, _ names: Set<String>) {
        for item in ManifestSearch.items(root["images"]) {
            guard let name = item["name"]?.string else {
                continue
            }
            for (text, path) in paths where path.names.last == "image" {
                let known = values[text].map { ManifestSearch.imageName($0) }
                if known == name {
                    let key = ["digest", "newTag", "newName"].first { item[$0] != nil } ?? "name"
                    origins.fields[text] = lines.place(item[key]?.mark?.line)
                }
            }
        }
        for item in ManifestSearch.items(root["replicas"]) where names.contains(item["name"]?.string ?? "") {
            for (text, path) in paths where path.names == ["spec", "replicas"] {
                origins.fields[text] = lines.place(item["count"]?.mark?.line)
            }
        }
        readLabels(root, lines)
    }

    private mutating func readLabels(_ root: Node, _ lines: ManifestLines) {
        let pairs = ManifestSearch.items(root["labels"]).compactMap { $0["pairs"] }
        let all =
            [("labels", [root["commonLabels"]].compactMap(\.self) + pairs)]
            + [("annotations", [root["commonAnnotations"]].compactMap(\.self))]
        for (part, mappings) in all {
            for (text, path) in paths where path.names.dropLast().last == part {
                for mapping in mappings {
                    let key = mapping.mapping?.first { $0.key.scalar?.string == path.names.last }?.key
                    if let key {
                        origins.fields[text] = lines.place(key.mark?.line, hides: hides(text))
                    }
                }
            }
        }
    }

    private mutating func readGenerators(
        _ root: Node,
        _ lines: ManifestLines,
        _ directory: String,
        _ names: Set<String>
    ) {
        let kinds = ["ConfigMap": "configMapGenerator", "Secret": "secretGenerator"]
        guard entry.group.isEmpty, let key = kinds[entry.kind] else {
            return
        }
        for item in ManifestSearch.items(root[key]) {
            guard let name = item["name"]?.string,
                names.contains(where: { ManifestSearch.isMade($0, of: name) })
            else {
                continue
            }
            origins.object = lines.place(item["name"]?.mark?.line, hides: isSecret)
            for (text, path) in paths where path.names.first == "data" && path.names.count == 2 {
                let wanted = path.names[1]
                for literal in ManifestSearch.items(item["literals"])
                where literal.string?.hasPrefix("\(wanted)=") == true {
                    origins.fields[text] = lines.place(literal.mark?.line, hides: hides(text))
                }
                for file in ManifestSearch.items(item["files"]).compactMap(\.string) {
                    let parts = file.split(separator: "=", maxSplits: 1).map(String.init)
                    let source = parts.last ?? file
                    let own = parts.count == 2 ? parts[0] : String(source.split(separator: "/").last ?? "")
                    if own == wanted, let place = TreePath.joined(directory, source) {
                        origins.fields[text] = ManifestPlace(file: Sanitiser.line(place), line: 1, text: "")
                    }
                }
                if item["envs"] != nil || item["env"] != nil {
                    doubt("\(Sanitiser.line(lines.file)) reads variables from files (envs), which may set it")
                }
            }
        }
    }

    // MARK: - Words

    /// True for a generated name: that of the generator, or with a hash behind it.
    private static func isMade(_ name: String, of generator: String) -> Bool {
        guard name != generator else {
            return true
        }
        let rest = name.dropFirst(generator.count)
        return name.hasPrefix("\(generator)-") && rest.count == 11
            && rest.dropFirst().allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }

    /// An image without its tag and digest.
    private static func imageName(_ image: String) -> String {
        let plain = image.split(separator: "@", maxSplits: 1).first.map(String.init) ?? image
        guard let colon = plain.lastIndex(of: ":"), !plain[colon...].contains("/") else {
            return plain
        }
        return String(plain[..<colon])
    }

    private static func items(_ node: Node?) -> [Node] {
        node?.sequence.map { Array($0) } ?? []
    }

    /// A document, or the items of a list.
    private static func opened(_ node: Node) -> [Node] {
        node["kind"]?.string?.hasSuffix("List") == true ? items(node["items"]) : [node]
    }
}

/// The documents of a YAML text with the lines that they stand on.
struct ManifestLines {
    let file: String
    let nodes: [Node]
    private let lines: [Substring]
    /// Lines of the file before the text, for a patch that is written in place.
    private let before: Int

    init?(_ bytes: [UInt8]?, file: String) {
        guard let bytes else {
            return nil
        }
        self.init(String(decoding: bytes, as: UTF8.self)[...], file: file, before: 0)
    }

    private init?(_ text: Substring, file: String, before: Int) {
        guard let nodes = Node.documents(String(text)) else {
            return nil
        }
        self.file = file
        self.nodes = nodes
        self.before = before
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The document in a text of this file, `patch: |-`.
    func inner(_ node: Node) -> ManifestLines? {
        guard let scalar = node.scalar, let line = node.mark?.line else {
            return nil
        }
        // The first line of a block stands below its sign.
        let isBlock = scalar.style == .literal || scalar.style == .folded
        return ManifestLines(
            scalar.string[...],
            file: file,
            before: before + line - (isBlock ? 0 : 1)
        )
    }

    func place(_ line: Int?, hides: Bool = false) -> ManifestPlace? {
        guard let line else {
            return nil
        }
        let text = lines.indices.contains(line - 1) && !hides ? lines[line - 1] : ""
        return ManifestPlace(
            file: Sanitiser.line(file),
            line: before + line,
            text: Sanitiser.line(text.drop { $0 == " " }, limit: 200)
        )
    }
}
