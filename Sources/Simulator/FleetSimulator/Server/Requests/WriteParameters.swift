import Foundation

/// Reads the parameters that accompany a write, with the errors of a real server for wrong ones.
struct WriteParameters {
    /// Which of the API's option types the parameters belong to; it only shows in messages.
    enum Kind {
        case create
        case update
        case patch
        case apply
        case delete

        fileprivate var name: String {
            switch self {
            case .create: "CreateOptions"
            case .update: "UpdateOptions"
            case .patch, .apply: "PatchOptions"
            case .delete: "DeleteOptions"
            }
        }
    }

    let request: APIRequest
    let kind: Kind

    /// Who writes, whether for real, and how strictly.
    func options(subresource: String?) throws(APIStatus) -> WriteOptions {
        let manager = request.query["fieldManager"] ?? ""
        var causes: [APIStatus.Cause] = []
        if manager.utf8.count > 128 {
            causes.append(.tooLong("fieldManager", "may not be more than 128 bytes"))
        }
        if kind == .apply, manager.isEmpty {
            causes.append(.required("fieldManager", "is required for apply patch"))
        }
        let isForced = request.query.isTrue("force")
        if kind == .patch, request.query["force"] != nil {
            causes.append(.forbidden("force", "may not be specified for non-apply patch"))
        }
        let dryRuns = request.query.all("dryRun")
        if !dryRuns.allSatisfy({ $0 == "All" }) {
            let list = "[" + dryRuns.map { "\"\($0)\"" }.joined(separator: " ") + "]"
            causes.append(.unsupported("dryRun", list, ["\"All\""]))
        }
        let validation = request.query["fieldValidation"] ?? ""
        let level = validation.isEmpty ? .warn : WriteOptions.FieldValidation(rawValue: validation)
        if level == nil {
            let values = ["\"\"", "\"Ignore\"", "\"Strict\"", "\"Warn\""]
            causes.append(.unsupported("fieldValidation", "\"\(validation)\"", values))
        }
        guard causes.isEmpty else {
            throw .invalid(kind: kind.name, group: "meta.k8s.io", name: "", causes: causes)
        }
        return WriteOptions(
            fieldManager: manager.isEmpty ? managerFromUserAgent : manager,
            dryRun: !dryRuns.isEmpty,
            force: isForced,
            fieldValidation: level ?? .warn,
            subresource: subresource
        )
    }

    /// Without a name, the writer is called after the program's, up to the first slash.
    private var managerFromUserAgent: String {
        let name = request.userAgent.prefix { $0 != "/" }.prefix(128)
        return name.isEmpty ? "unknown" : String(name)
    }
}
