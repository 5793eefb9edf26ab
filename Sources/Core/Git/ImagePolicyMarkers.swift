import Text

/// The comments by which a file invites Flux's image automation to write into it.
package enum ImagePolicyMarkers {
    /// The policies that `{"$imagepolicy": "namespace:policy:tag"}` markers name, as `namespace:policy`.
    package static func found(in text: String) -> Set<String> {
        var found: Set<String> = []
        for line in text.split(whereSeparator: \.isNewline) {
            var rest = line
            while let marker = rest.firstRange(ofText: "\"$imagepolicy\"") {
                rest = rest[marker.upperBound...]
                let value = rest.drop { $0 == " " || $0 == ":" }
                guard value.first == "\"", let end = value.dropFirst().firstIndex(of: "\"") else {
                    continue
                }
                let parts = value[value.index(after: value.startIndex)..<end].split(separator: ":")
                if parts.count >= 2 {
                    found.insert(Sanitiser.line("\(parts[0]):\(parts[1])", limit: 200))
                }
            }
        }
        return found
    }
}

extension Substring {
    fileprivate func firstRange(ofText text: String) -> Range<Index>? {
        var start = startIndex
        while let at = self[start...].firstIndex(of: text.first ?? " ") {
            if self[at...].hasPrefix(text) {
                return at..<index(at, offsetBy: text.count)
            }
            start = index(after: at)
        }
        return nil
    }
}
