/// Updates the image tags in manifests that carry a marker such as `# {"$imagepolicy": "shop:checkout:tag"}`.
struct ImageSetters {
    /// The image each policy has chosen, by `namespace:name`.
    let chosen: [String: (name: String, tag: String)]

    /// The text with every marked line up to date; nil when nothing had to change.
    func updated(_ text: String) -> String? {
        guard text.contains("$imagepolicy") else { return nil }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { updated(line: $0) }
        let result = lines.joined(separator: "\n")
        return result == text ? nil : result
    }

    private func updated(line: Substring) -> String {
        guard
            let mark = line.firstRange(of: "\"$imagepolicy\":"),
            let comment = line[..<mark.lowerBound].lastIndex(of: "#"),
            let policy = line[mark.upperBound...].split(separator: "\"").dropFirst().first
        else { return String(line) }
        let parts = policy.split(separator: ":")
        guard parts.count >= 2, let image = chosen["\(parts[0]):\(parts[1])"] else { return String(line) }
        let value: String
        switch parts.count > 2 ? parts[2] : "" {
        case "tag": value = image.tag
        case "name": value = image.name
        default: value = "\(image.name):\(image.tag)"
        }
        let front = line[..<comment]
        guard let colon = front.firstRange(of: ": ") else { return String(line) }
        let quoted = front[colon.upperBound...].hasPrefix("\"")
        return front[..<colon.upperBound] + (quoted ? "\"\(value)\"" : value) + " " + line[comment...]
    }
}
