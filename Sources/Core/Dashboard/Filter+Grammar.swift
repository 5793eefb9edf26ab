extension Filter {
    /// What was written before a colon and is no field, `foo` of `foo:bar`; addresses and quoted words are texts.
    static func unknownFields(of text: String) -> [String] {
        words(of: text, keepsQuotes: true).compactMap { word in
            let rest = word.hasPrefix("!") ? word.dropFirst() : word[...]
            guard let colon = rest.firstIndex(of: ":"), colon > rest.startIndex else {
                return nil
            }
            let name = rest[..<colon].lowercased()
            let isName = name.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
            let isAddress = rest[colon...].hasPrefix("://")
            return isName && !isAddress && field(named: name) == nil ? name : nil
        }
    }

    /// The words of a line: split at spaces outside quotes, quotes removed.
    static func words(of text: String, keepsQuotes: Bool = false) -> [String] {
        var words: [String] = []
        var word = ""
        var isQuoted = false
        for character in text {
            switch character {
            case "\"":
                isQuoted.toggle()
                if keepsQuotes {
                    word.append(character)
                }
            case " " where !isQuoted:
                words.append(word)
                word = ""
            default: word.append(character)
            }
        }
        words.append(word)
        return words.filter { !$0.isEmpty }
    }

    static func term(_ word: String) -> Term? {
        var rest = Substring(word)
        let isNegated = rest.hasPrefix("!")
        if isNegated {
            rest = rest.dropFirst()
        }
        var field = Field.any
        if let colon = rest.firstIndex(of: ":"), let named = Filter.field(named: rest[..<colon].lowercased())
        {
            field = named
            rest = rest[rest.index(after: colon)...]
        }
        // A comma is an "or" only where a field is named: in plain words it is a comma.
        let values = field == .any ? [rest[...]] : rest.split(separator: ",")
        let lowered = values.map { $0.lowercased() }.filter { !$0.isEmpty }
        return lowered.isEmpty ? nil : Term(field: field, values: lowered, isNegated: isNegated)
    }

    private static func field(named name: String) -> Field? {
        switch name {
        case "name": .name
        case "kind", "k": .kind
        case "ns", "namespace": .namespace
        case "state", "s": .state
        case "cluster", "c": .cluster
        case "by", "manager": .manager
        case "age", "since": .age
        default: nil
        }
    }
}
