/// What accompanies a write: who writes, and how.
package struct WriteOptions: Sendable {
    /// What happens to fields that the schema does not know, and to keys written twice.
    package enum FieldValidation: String, Sendable {
        case ignore = "Ignore"
        case warn = "Warn"
        case strict = "Strict"
    }

    /// The write verbs whose options differ, by the name that errors give their options.
    package enum Verb: String, Sendable {
        case create = "CreateOptions"
        case update = "UpdateOptions"
        case patch = "PatchOptions"
        case apply = "ApplyOptions"
        case delete = "DeleteOptions"
    }

    /// The name under which the written fields are recorded.
    package var fieldManager: String
    /// Whether the answer is computed without changing anything.
    package var dryRun: Bool
    /// Whether server-side apply takes fields from other managers.
    package var force: Bool
    /// What happens to unknown fields.
    package var fieldValidation: FieldValidation
    /// `status`, `scale` or nil for the object itself.
    package var subresource: String?
    /// Called with each sentence for a Warning header, such as `unknown field "spec.colour"`.
    ///
    /// It runs under the store's lock and must not call the store.
    package var warn: (@Sendable (String) -> Void)?

    package init(
        fieldManager: String,
        dryRun: Bool = false,
        force: Bool = false,
        fieldValidation: FieldValidation = .warn,
        subresource: String? = nil,
        warn: (@Sendable (String) -> Void)? = nil
    ) {
        self.fieldManager = fieldManager
        self.dryRun = dryRun
        self.force = force
        self.fieldValidation = fieldValidation
        self.subresource = subresource
        self.warn = warn
    }

    /// Reads the query parameters of a write, with the 422 of a real server for wrong ones.
    ///
    /// Names and values are those after percent-decoding. Without `fieldManager` the name is what stands
    /// before the first `/` of the User-Agent, or `unknown`.
    package init(
        query: [(name: String, value: String)],
        verb: Verb,
        userAgent: String?,
        subresource: String? = nil
    ) throws(APIStatus) {
        self.init(fieldManager: WriteOptions.manager(userAgent: userAgent), subresource: subresource)
        var causes: [APIStatus.Cause] = []
        let values = { (name: String) in query.filter { $0.name == name && !$0.value.isEmpty }.map(\.value) }
        let manager = values("fieldManager").first
        if let force = values("force").first {
            self.force = force != "0" && force.lowercased() != "false"
            if verb != .apply {
                causes.append(.forbidden("may not be specified for non-apply patch", "force"))
            }
        }
        if let manager {
            fieldManager = manager
            if manager.utf8.count > 128 { causes.append(.tooLong(128, "fieldManager")) }
        } else if verb == .apply {
            causes.append(.required("fieldManager", "is required for apply patch"))
        }
        let dryRuns = values("dryRun")
        dryRun = !dryRuns.isEmpty
        if dryRuns.contains(where: { $0 != "All" }) {
            causes.append(.unsupported(JSON.array(dryRuns.map(JSON.string)).text, ["All"], "dryRun"))
        }
        if let text = values("fieldValidation").first {
            if let validation = FieldValidation(rawValue: text) {
                fieldValidation = validation
            } else {
                let allowed = ["", "Ignore", "Strict", "Warn"]
                causes.append(.unsupported("\"\(text)\"", allowed, "fieldValidation"))
            }
        }
        guard causes.isEmpty else {
            throw .invalidOptions(verb == .apply ? Verb.patch.rawValue : verb.rawValue, causes)
        }
    }

    /// The manager that a client is recorded as when it names none: its User-Agent up to the first `/`.
    package static func manager(userAgent: String?) -> String {
        let name = (userAgent ?? "").prefix { $0 != "/" }.filter { !$0.isNewline && $0 >= " " }
        return name.isEmpty ? "unknown" : String(name.prefix(128))
    }
}
