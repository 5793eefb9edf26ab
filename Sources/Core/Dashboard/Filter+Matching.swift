import Chrono
import Kube

/// What a filter looks at.
struct FilterSubject {
    var name: String = ""
    var namespace: String = ""
    /// The kind's name, its short form and its plural: a filter may use any.
    var kinds: [String] = []
    var state: String = ""
    var cluster: String = ""
    /// Anything else that plain words may be found in.
    var texts: [String] = []
    /// Who did it.
    var managers: [String] = []
    var age: Duration?
}

extension Filter {
    /// True where every term holds.
    func matches(_ subject: FilterSubject) -> Bool {
        terms.allSatisfy { term in
            term.values.contains { Filter.matches(term.field, $0, subject) } != term.isNegated
        }
    }

    private static func matches(_ field: Field, _ value: String, _ subject: FilterSubject) -> Bool {
        switch field {
        case .any:
            subject.name.contains(lowered: value) || subject.namespace.contains(lowered: value)
                || value.contains("/") && "\(subject.namespace)/\(subject.name)".contains(lowered: value)
                || subject.kinds.contains { $0.contains(lowered: value) }
                || subject.state.contains(lowered: value)
                || subject.texts.contains { $0.contains(lowered: value) }
        case .name: subject.name.contains(lowered: value)
        // A kind is typed whole: `ks` is not `tasks`.
        case .kind: subject.kinds.contains { $0.lowercased() == value }
        case .namespace: subject.namespace.contains(lowered: value)
        case .state: subject.state.hasPrefix(value)
        case .cluster: subject.cluster.contains(lowered: value)
        case .manager: subject.managers.contains { $0.contains(lowered: value) }
        case .age: subject.age.map { Filter.isAge($0, value) } ?? false
        }
    }

    /// `1h` and `<1h` are younger, `>1h` is older; days are written `2d`.
    private static func isAge(_ age: Duration, _ value: String) -> Bool {
        guard let limit = limit(ofAge: value) else {
            return false
        }
        return value.hasPrefix(">") ? age > limit : age < limit
    }

    /// How old is meant; nil for what is no age.
    static func limit(ofAge value: String) -> Duration? {
        let text = value.hasPrefix(">") || value.hasPrefix("<") ? value.dropFirst() : value[...]
        // Longer than a thousand years is a slip, and would overflow.
        guard text.hasSuffix("d"), let days = Int64(text.dropLast()), (0...365_000).contains(days) else {
            return Duration(go: String(text))
        }
        return Duration.seconds(days * 86_400)
    }

    /// True where a term looks into texts, which are costly to make.
    var readsTexts: Bool {
        terms.contains { $0.field == .any }
    }
}

extension FilterSubject {
    init(_ ref: ObjectRef, kind: FluxKind?, state: SyncState, cluster: String, texts: [String] = []) {
        name = ref.name
        namespace = ref.namespace
        kinds = [ref.kind] + (kind.map { [$0.short, $0.plural] } ?? [])
        self.state = state.word
        self.cluster = cluster
        self.texts = texts
    }
}

extension String {
    /// True where a text that is in lower case is found, upper and lower case being one.
    func contains(lowered needle: String) -> Bool {
        // Letters outside ASCII have other rules; only then the slow way is taken.
        finds(needle) || !utf8.allSatisfy { $0 < 0x80 } && lowercased().contains(needle)
    }

    private func finds(_ needle: String) -> Bool {
        let (hay, wanted) = (utf8Span.span, needle.utf8Span.span)
        guard !wanted.isEmpty else {
            return true
        }
        guard hay.count >= wanted.count else {
            return false
        }
        for start in 0...(hay.count - wanted.count) {
            var offset = 0
            while offset < wanted.count, String.lower(hay[start + offset]) == wanted[offset] {
                offset += 1
            }
            if offset == wanted.count {
                return true
            }
        }
        return false
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        (65...90).contains(byte) ? byte + 32 : byte
    }
}
