package import Foundation

extension JSON {
    /// The text as the server sends it: keys sorted, `<`, `>` and `&` escaped.
    package func encoded(pretty: Bool = false) -> Data {
        Data()
    }
}
