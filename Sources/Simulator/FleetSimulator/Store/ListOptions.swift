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
    /// Whether a watch begins with all present objects; nil when not said.
    package var sendInitialEvents: Bool?
    /// Whether a watch may carry bookmarks.
    package var allowBookmarks: Bool

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
    package init(query: [(name: String, value: String)], type: ResourceType) throws(APIStatus) {
        self.init()
    }
}
