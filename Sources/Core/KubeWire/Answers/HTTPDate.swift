package import Chrono

/// The moment in a `Date` header, by the clock of whoever answered.
package enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT`.
    ///
    /// - Errors: nil for anything else; the two forms that RFC 9110 calls obsolete are not read.
    /// - Source: RFC 9110 section 5.6.7.
    package static func parse(_ text: String) -> Timestamp? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[0].hasSuffix(","), words[5] == "GMT", words[1].count == 2,
            words[3].count == 4, let month = months.firstIndex(of: String(words[2]))
        else {
            return nil
        }
        let number = month < 9 ? "0\(month + 1)" : String(month + 1)
        return Timestamp(rfc3339: "\(words[3])-\(number)-\(words[1])T\(words[4])Z")
    }
}
