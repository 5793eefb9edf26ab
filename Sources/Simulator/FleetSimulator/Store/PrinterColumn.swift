/// A column that `kubectl get` shows for a kind, as a Table answer carries it.
package struct PrinterColumn: Sendable, Hashable {
    /// The heading.
    package let name: String
    /// The value type: `string`, `integer`, `number`, `boolean` or `date`.
    package let type: String
    /// The path into the object, in the small JSONPath that printer columns use.
    package let path: String
    /// 0 for columns that are always shown; higher ones only appear in wide output.
    package let priority: Int
    /// The value format, such as `name`.
    package let format: String
    /// The sentence that a Table says about the column.
    package let description: String

    package init(
        _ name: String,
        _ path: String,
        type: String = "string",
        priority: Int = 0,
        format: String = "",
        description: String = ""
    ) {
        self.name = name
        self.path = path
        self.type = type
        self.priority = priority
        self.format = format
        self.description = description
    }
}
