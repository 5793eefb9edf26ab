/// Finds the name that somebody probably meant.
package enum NearestName {
    /// The nearest of some names, where it is near enough to be a slip; nil else.
    package static func of(_ wanted: String, among names: [String]) -> String? {
        let near = names.map { (distance(wanted, $0), $0) }.min { $0 < $1 }
        guard let (distance, name) = near, distance <= max(1, min(wanted.count, name.count) / 3) else {
            return nil
        }
        return name
    }

    /// How many letters must be put in, taken out, replaced or swapped with their neighbour.
    private static func distance(_ left: String, _ right: String) -> Int {
        let (one, two) = (Array(left), Array(right))
        var table = [Array(0...two.count)]
        for row in 1..<(one.count + 1) {
            var line = [row]
            for column in 1..<(two.count + 1) {
                let isSame = one[row - 1] == two[column - 1]
                var best = min(table[row - 1][column] + 1, line[column - 1] + 1)
                best = min(best, table[row - 1][column - 1] + (isSame ? 0 : 1))
                let isSwapped =
                    row > 1 && column > 1 && one[row - 1] == two[column - 2]
                    && one[row - 2] == two[column - 1]
                if isSwapped {
                    best = min(best, table[row - 2][column - 2] + 1)
                }
                line.append(best)
            }
            table.append(line)
        }
        return table[one.count][two.count]
    }
}
