/// The parameters of a list or watch request.
package struct ListOptions: Sendable {
    /// Which labels an object must have.
    package var labelSelector: LabelSelector?
    /// Which fields an object must have.
    package var fieldSelector: FieldSelector?
    /// The most objects of one page; nil or less than 1 for all.
    package var limit: Int?
    /// The token of the page before.
    package var continueToken: String?
    /// The version asked for, as sent.
    package var resourceVersion: String?
    /// `Exact` or `NotOlderThan`, as sent.
    package var resourceVersionMatch: String?
    /// Whether this is a watch.
    package var watch = false
    /// Whether a watch begins with all present objects; nil when not said.
    package var sendInitialEvents: Bool?
    /// Whether a watch may carry bookmarks.
    package var allowBookmarks: Bool
    /// The seconds after which a watch ends; nil when not said.
    package var timeoutSeconds: Int?

    package init(
        labelSelector: LabelSelector? = nil,
        fieldSelector: FieldSelector? = nil,
        limit: Int? = nil,
        continueToken: String? = nil,
        resourceVersion: String? = nil,
        resourceVersionMatch: String? = nil,
        sendInitialEvents: Bool? = nil,
        allowBookmarks: Bool = false
    ) {
        self.labelSelector = labelSelector
        self.fieldSelector = fieldSelector
        self.limit = limit
        self.continueToken = continueToken
        self.resourceVersion = resourceVersion
        self.resourceVersionMatch = resourceVersionMatch
        self.sendInitialEvents = sendInitialEvents
        self.allowBookmarks = allowBookmarks
    }

    /// Reads the query parameters of a list or watch, with the errors of a real server for wrong ones.
    ///
    /// Names and values are those after percent-decoding; unknown parameters are ignored. Without
    /// `watchLists` the server is one that refuses streaming lists.
    package init(
        query: [(name: String, value: String)],
        type: ResourceType,
        watchLists: Bool = true
    ) throws(APIStatus) {
        self.init()
        for (name, value) in query {
            try read(name, value, type)
        }
        try validate(watchLists: watchLists)
    }

    private mutating func read(_ name: String, _ value: String, _ type: ResourceType) throws(APIStatus) {
        switch name {
        case "labelSelector": labelSelector = value.isEmpty ? nil : try LabelSelector(parsing: value)
        case "fieldSelector":
            fieldSelector = value.isEmpty ? nil : try FieldSelector(parsing: value, type: type)
        case "limit": limit = try ListOptions.integer(value)
        case "continue": continueToken = value.isEmpty ? nil : value
        case "resourceVersion": resourceVersion = value.isEmpty ? nil : value
        case "resourceVersionMatch": resourceVersionMatch = value.isEmpty ? nil : value
        case "watch": watch = ListOptions.truth(value)
        case "sendInitialEvents": sendInitialEvents = ListOptions.truth(value)
        case "allowWatchBookmarks": allowBookmarks = ListOptions.truth(value)
        case "timeoutSeconds": timeoutSeconds = try ListOptions.integer(value)
        default: break
        }
    }

    private static func truth(_ value: String) -> Bool {
        value != "0" && value.lowercased() != "false"
    }

    private static func integer(_ value: String) throws(APIStatus) -> Int? {
        guard !value.isEmpty else { return nil }
        guard let number = Int(value) else {
            throw .badRequest("strconv.ParseInt: parsing \"\(value)\": invalid syntax")
        }
        return number
    }

    private func validate(watchLists: Bool) throws(APIStatus) {
        let causes = watch ? watchCauses(watchLists: watchLists) : listCauses
        guard causes.isEmpty else { throw .invalidOptions("ListOptions", causes) }
    }

    private var listCauses: [APIStatus.Cause] {
        var causes: [APIStatus.Cause] = []
        if let match = resourceVersionMatch {
            if resourceVersion == nil {
                causes.append(
                    .forbidden("\(Self.match) is forbidden unless resourceVersion is provided", Self.match)
                )
            }
            if continueToken != nil {
                causes.append(.forbidden("\(Self.match) is forbidden when continue is provided", Self.match))
            }
            if match != "Exact", match != "NotOlderThan" {
                causes.append(.unsupported("\"\(match)\"", ["Exact", "NotOlderThan", ""], Self.match))
            }
            if match == "Exact", resourceVersion == "0" {
                let sentence = "\(Self.match) \"exact\" is forbidden for resourceVersion \"0\""
                causes.append(.forbidden(sentence, Self.match))
            }
        }
        if sendInitialEvents != nil {
            causes.append(.forbidden("sendInitialEvents is forbidden for list", "sendInitialEvents"))
        }
        return causes
    }

    private func watchCauses(watchLists: Bool) -> [APIStatus.Cause] {
        var causes: [APIStatus.Cause] = []
        if sendInitialEvents != nil {
            if resourceVersionMatch != "NotOlderThan" {
                let sentence = "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"
                causes.append(.forbidden(sentence, Self.match))
            }
            if !watchLists {
                let sentence =
                    "sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled"
                causes.append(.forbidden(sentence, "sendInitialEvents"))
            }
        }
        if let match = resourceVersionMatch {
            if sendInitialEvents == nil {
                let sentence = "\(Self.match) is forbidden for watch unless sendInitialEvents is provided"
                causes.append(.forbidden(sentence, Self.match))
            }
            if match != "NotOlderThan" {
                causes.append(.unsupported("\"\(match)\"", ["NotOlderThan"], Self.match))
            }
            if continueToken != nil {
                causes.append(.forbidden("\(Self.match) is forbidden when continue is provided", Self.match))
            }
        }
        return causes
    }

    private static let match = "resourceVersionMatch"

    /// Whether an object fits the selectors and, unless nil, lies in the namespace.
    func admits(_ object: JSON) -> Bool {
        (labelSelector?.matches(object) ?? true) && (fieldSelector?.matches(object) ?? true)
    }
}

extension APIStatus.Cause {
    static func forbidden(_ sentence: String, _ field: String) -> APIStatus.Cause {
        APIStatus.Cause(reason: "FieldValueForbidden", message: "Forbidden: \(sentence)", field: field)
    }

    static func unsupported(_ value: String, _ allowed: [String], _ field: String) -> APIStatus.Cause {
        let list = allowed.map { "\"\($0)\"" }.joined(separator: ", ")
        return APIStatus.Cause(
            reason: "FieldValueNotSupported",
            message: "Unsupported value: \(value): supported values: \(list)",
            field: field
        )
    }

    static func invalidValue(_ value: String, _ sentence: String, _ field: String) -> APIStatus.Cause {
        APIStatus.Cause(
            reason: "FieldValueInvalid",
            message: "Invalid value: \(value): \(sentence)",
            field: field
        )
    }

    static func required(_ field: String, _ sentence: String = "") -> APIStatus.Cause {
        APIStatus.Cause(
            reason: "FieldValueRequired",
            message: sentence.isEmpty ? "Required value" : "Required value: \(sentence)",
            field: field
        )
    }

    static func tooLong(_ limit: Int, _ field: String) -> APIStatus.Cause {
        APIStatus.Cause(
            reason: "FieldValueTooLong",
            message: "Too long: may not be more than \(limit) bytes",
            field: field
        )
    }
}
