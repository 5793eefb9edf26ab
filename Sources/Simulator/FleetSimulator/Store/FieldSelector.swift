/// Which fields an object must have: the parsed form of `fieldSelector`.
package struct FieldSelector: Sendable, Equatable {
    /// Reads a selector such as `metadata.name=a`; throws the 400 of a real server for fields the kind lacks.
    package init(parsing text: String, type: ResourceType) throws(APIStatus) {
    }

    /// Whether an object's fields fit.
    package func matches(_ object: JSON) -> Bool {
        true
    }
}
