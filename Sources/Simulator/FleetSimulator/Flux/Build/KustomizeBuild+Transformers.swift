/// What a kustomization file does to the objects it has gathered, in the order of kustomize.
extension KustomizeBuild {
    func transform(_ resources: [Manifest], by own: JSON, folder: String) throws(BuildProblem) -> [Manifest] {
        var resources = try patch(resources, by: own, folder: folder)
        if let namespace = own.text("namespace") { setNamespace(namespace, on: &resources) }
        rename(&resources, prefix: own.text("namePrefix") ?? "", suffix: own.text("nameSuffix") ?? "")
        label(&resources, by: own)
        annotate(&resources, by: own)
        for replica in own["replicas"]?.array ?? [] { try scale(&resources, replica) }
        for image in own["images"]?.array ?? [] { setImage(&resources, image) }
        return resources
    }

    private func setNamespace(_ namespace: String, on resources: inout [Manifest]) {
        let accounts = Set(resources.filter { $0.kind == "ServiceAccount" }.map(\.object.name))
        for index in resources.indices {
            if resources[index].isNamespaced {
                resources[index].object[path: "metadata", "namespace"] = .string(namespace)
            }
            guard resources[index].kind.hasSuffix("RoleBinding") else { continue }
            let subjects = (resources[index].object["subjects"]?.array ?? []).map { subject in
                guard subject.kind == "ServiceAccount", let name = subject["name"]?.string else {
                    return subject
                }
                guard name == "default" || accounts.contains(name) else { return subject }
                var subject = subject
                subject["namespace"] = .string(namespace)
                return subject
            }
            if !subjects.isEmpty { resources[index].object["subjects"] = .array(subjects) }
        }
    }

    private func rename(_ resources: inout [Manifest], prefix: String, suffix: String) {
        guard !prefix.isEmpty || !suffix.isEmpty else { return }
        var renamed: [NameReferences.Key: String] = [:]
        for index in resources.indices
        where !["Namespace", "CustomResourceDefinition", "APIService"].contains(resources[index].kind) {
            let old = resources[index].object.name
            let new = prefix + old + suffix
            resources[index].object[path: "metadata", "name"] = .string(new)
            renamed[NameReferences.Key(kind: resources[index].kind, name: old)] = new
        }
        NameReferences(renamed: renamed).rewrite(&resources)
    }

    private func label(_ resources: inout [Manifest], by own: JSON) {
        var sets: [(pairs: [String: JSON], selectors: Bool, templates: Bool)] = []
        if let common = own["commonLabels"]?.object { sets.append((common, true, true)) }
        for entry in own["labels"]?.array ?? [] {
            let selectors = entry["includeSelectors"]?.bool ?? false
            let templates = entry["includeTemplates"]?.bool ?? false
            sets.append((entry["pairs"]?.object ?? [:], selectors, selectors || templates))
        }
        for set in sets where !set.pairs.isEmpty {
            for index in resources.indices {
                Self.add(set.pairs, at: ["metadata", "labels"], to: &resources[index].object)
                Self.addToTemplates(set.pairs, &resources[index].object, set.selectors, set.templates)
            }
        }
    }

    private static func addToTemplates(
        _ pairs: [String: JSON],
        _ object: inout JSON,
        _ selectors: Bool,
        _ templates: Bool
    ) {
        let workloads: Set = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"]
        if selectors, workloads.contains(object.kind) {
            add(pairs, at: ["spec", "selector", "matchLabels"], to: &object)
        }
        if selectors, object.kind == "Service" { add(pairs, at: ["spec", "selector"], to: &object) }
        if templates, workloads.contains(object.kind) || object.kind == "Job" {
            add(pairs, at: ["spec", "template", "metadata", "labels"], to: &object)
        }
    }

    private func annotate(_ resources: inout [Manifest], by own: JSON) {
        guard let pairs = own["commonAnnotations"]?.object, !pairs.isEmpty else { return }
        for index in resources.indices {
            Self.add(pairs, at: ["metadata", "annotations"], to: &resources[index].object)
            if resources[index].object[path: "spec", "template"] != nil {
                Self.add(
                    pairs,
                    at: ["spec", "template", "metadata", "annotations"],
                    to: &resources[index].object
                )
            }
        }
    }

    /// Adds members to an object inside a manifest; what is there already is replaced.
    private static func add(_ pairs: [String: JSON], at path: [String], to object: inout JSON) {
        let present = object.value(at: path)?.object ?? [:]
        object.set(.object(present.merging(pairs) { $1 }), at: path)
    }

    private func scale(_ resources: inout [Manifest], _ replica: JSON) throws(BuildProblem) {
        let name = replica["name"]?.string ?? ""
        let scaled: Set = ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"]
        var found = false
        for index in resources.indices
        where scaled.contains(resources[index].kind) && resources[index].isCalled(name) {
            resources[index].object[path: "spec", "replicas"] = replica["count"]
            found = true
        }
        guard found else {
            throw BuildProblem(
                message: "resource with name \(name) does not match a config with the following GVK"
            )
        }
    }

    private func setImage(_ resources: inout [Manifest], _ image: JSON) {
        let change = ImageChange(image)
        for index in resources.indices {
            resources[index].object = change.applied(to: resources[index].object)
        }
    }
}

/// One entry of `images`: which image, and what it becomes.
struct ImageChange {
    let name: String
    let newName: String?
    let newTag: String?
    let digest: String?

    init(_ entry: JSON) {
        name = entry["name"]?.string ?? ""
        newName = entry.text("newName")
        // An unquoted tag such as 1.9 is a number in YAML.
        newTag = entry.text("newTag") ?? entry["newTag"]?.double.map { "\($0)" }
        digest = entry.text("digest")
    }

    /// The value with every container's image changed where it is the one meant.
    func applied(to value: JSON) -> JSON {
        switch value {
        case .array(let elements):
            return .array(elements.map(applied))
        case .object(let members):
            return .object(
                Dictionary(
                    uniqueKeysWithValues: members.map { key, member in
                        guard key == "containers" || key == "initContainers" else {
                            return (key, applied(to: member))
                        }
                        return (key, .array((member.array ?? []).map(changed)))
                    }
                )
            )
        default:
            return value
        }
    }

    private func changed(_ container: JSON) -> JSON {
        guard let text = container["image"]?.string else { return container }
        let image = ImageReference(text)
        guard image.name == name else { return container }
        var result = newName ?? image.name
        if let digest {
            result += "@\(digest)"
        } else if let tag = newTag ?? image.tag {
            result += ":\(tag)"
        }
        var container = container
        container["image"] = .string(result)
        return container
    }
}

/// An image as containers name it.
struct ImageReference: Sendable, Equatable {
    /// The part before tag and digest.
    let name: String
    /// The part after the colon; nil when there is none.
    let tag: String?

    init(_ text: String) {
        let plain = text.split(separator: "@", maxSplits: 1).first.map(String.init) ?? text
        // A colon before the last slash belongs to the registry's port.
        let start = plain.lastIndex(of: "/").map { plain.index(after: $0) } ?? plain.startIndex
        if let colon = plain[start...].lastIndex(of: ":") {
            name = String(plain[..<colon])
            tag = String(plain[plain.index(after: colon)...])
        } else {
            name = plain
            tag = nil
        }
    }
}
