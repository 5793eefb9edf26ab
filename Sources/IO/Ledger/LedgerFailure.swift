/// Why the ledger cannot be used, in one sentence.
package struct LedgerFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
