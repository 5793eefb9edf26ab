import Text

/// The part of a merged text that a reader needs: the conflicts with a little around them.
enum ConflictExcerpt {
    static let around = 3
    static let limit = 80

    static func lines(of text: String) -> [String] {
        let all = Sanitiser.block(text, lineLimit: 100_000, width: 300)
        var keep = [Bool](repeating: false, count: all.count)
        var isInside = false
        for (index, line) in all.enumerated() {
            let starts = line.hasPrefix("<<<<<<< ")
            let ends = line.hasPrefix(">>>>>>> ")
            isInside = isInside || starts
            if isInside {
                for near in max(0, index - around)...min(all.count - 1, index + around) {
                    keep[near] = true
                }
            }
            isInside = isInside && !ends
        }
        var output: [String] = []
        var isGap = false
        for (index, line) in all.enumerated() {
            guard keep[index] else {
                isGap = !output.isEmpty
                continue
            }
            guard output.count < limit else {
                return output + ["…"]
            }
            if isGap {
                output.append("…")
                isGap = false
            }
            output.append(line)
        }
        return output
    }
}
