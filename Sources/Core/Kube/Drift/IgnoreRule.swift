import Text

/// An entry of `spec.ignore`, or of a HelmRelease's `driftDetection.ignore`: paths that may differ.
///
/// - Source: of a target all that it names must hold: regular expressions for whole texts, and selectors.
package struct IgnoreRule: Hashable, Sendable {
    /// JSON Pointers, `/spec/replicas`; an empty one means the whole object.
    package let paths: [String]
    /// Why it cannot be judged, in a few words; nil where it can.
    ///
    /// Such a rule lets nothing differ.
    package private(set) var problem: String?
    private var group: LinearPattern?
    private var version: LinearPattern?
    private var kind: LinearPattern?
    private var namespace: LinearPattern?
    private var name: LinearPattern?
    private var labels: LabelSelector?
    private var annotations: LabelSelector?

    /// - Shape: what is nil or empty matches everything.
    package init(
        paths: [String],
        group: String? = nil,
        version: String? = nil,
        kind: String? = nil,
        namespace: String? = nil,
        name: String? = nil,
        labelSelector: String? = nil,
        annotationSelector: String? = nil
    ) {
        self.paths = paths
        self.group = pattern("group", group)
        self.version = pattern("version", version)
        self.kind = pattern("kind", kind)
        self.namespace = pattern("namespace", namespace)
        self.name = pattern("name", name)
        labels = selector("labelSelector", labelSelector)
        annotations = selector("annotationSelector", annotationSelector)
    }

    private mutating func pattern(_ part: String, _ text: String?) -> LinearPattern? {
        guard let text, !text.isEmpty else {
            return nil
        }
        do {
            return try LinearPattern(text)
        } catch {
            note("\(part) \(text)", error.words)
            return nil
        }
    }

    private mutating func selector(_ part: String, _ text: String?) -> LabelSelector? {
        guard let text, !text.isEmpty else {
            return nil
        }
        let selector = LabelSelector(text)
        if selector == nil {
            note("\(part) \(text)", "is no selector")
        }
        return selector
    }

    private mutating func note(_ part: String, _ why: String) {
        problem = problem ?? Sanitiser.line("\(part.prefix(80)) \(why)", limit: 200)
    }

    fileprivate func isAbout(_ entry: InventoryEntry, _ marks: ObjectMarks) -> Bool {
        problem == nil && kind?.matches(entry.kind) ?? true && group?.matches(entry.group) ?? true
            && version?.matches(entry.version) ?? true && namespace?.matches(entry.namespace) ?? true
            && name?.matches(entry.name) ?? true && labels?.matches(marks.labels) ?? true
            && annotations?.matches(marks.annotations) ?? true
    }
}

extension Sequence where Element == IgnoreRule {
    /// What the rules let differ of one object: they are held against it once, not for each of its fields.
    package func paths(of entry: InventoryEntry, _ marks: ObjectMarks) -> IgnoredPaths {
        IgnoredPaths(filter { $0.isAbout(entry, marks) }.flatMap(\.paths))
    }
}

/// The fields of one object that need not be what Git says.
package struct IgnoredPaths: Hashable, Sendable {
    /// True where nothing of the object need be.
    package let isWhole: Bool
    private let paths: [[Substring]]

    package static let none = IgnoredPaths([])

    init(_ paths: [String]) {
        isWhole = paths.contains("")
        self.paths = paths.map { $0.split(separator: "/") }
    }

    /// - Shape: `pointer` has `*` for items of lists, whose places are not recorded: any number matches it.
    package func covers(_ pointer: String) -> Bool {
        guard !paths.isEmpty else {
            return false
        }
        let parts = pointer.split(separator: "/")
        return paths.contains { path in
            path.count <= parts.count
                && zip(path, parts).allSatisfy { want, part in want == part || part == "*" }
        }
    }
}

/// The labels and annotations of an object, as far as selectors can tell them apart.
package struct ObjectMarks: Hashable, Sendable {
    package let labels: [String: String]
    package let annotations: [String: String]

    package init(labels: [String: String] = [:], annotations: [String: String] = [:]) {
        self.labels = labels
        self.annotations = annotations
    }

    /// Those of a manifest.
    package init(_ object: ObjectValue) {
        func texts(_ part: String) -> [String: String] {
            (object["metadata"]?[part]?.members ?? [:]).compactMapValues(\.text)
        }
        self.init(labels: texts("labels"), annotations: texts("annotations"))
    }

    /// Those of an object that a watch shows.
    init(_ metadata: JSONFields, texts: TextTable) {
        func read(_ part: String) -> [String: String] {
            let pairs = metadata[part].scalars.map { key, value in
                (texts.line(key, limit: 320), texts.line(value, limit: ObjectMarks.valueLimit))
            }
            return Dictionary(pairs) { first, _ in first }
        }
        self.init(labels: read("labels"), annotations: read("annotations"))
    }

    /// No selector can name a longer value.
    private static let valueLimit = 64
}
