/// A regular expression of Flux's, held against whole texts in time that grows with the text alone.
///
/// All places at which the expression may be are followed at once, so no expression makes it try again.
/// - Source: RE2's syntax, anchored at both ends as Flux does it. Flags, classes of Unicode, word boundaries, quotes and
///   escapes by number are refused, not guessed.
package struct LinearPattern: Hashable, Sendable {
    /// Why an expression is not read.
    package enum Refusal: Error, Hashable, Sendable {
        case tooLong
        /// Flux refuses it as well.
        case faulty
        /// What weir does not read, as it is written.
        case unread(String)

        /// In a few words that follow the expression.
        package var words: String {
            switch self {
            case .tooLong: "is longer than weir reads"
            case .faulty: "is no regular expression"
            case .unread(let part): "has \(part), which weir does not read"
            }
        }
    }

    enum Step: Sendable {
        case one(ScalarSet)
        /// On at both places.
        case fork(Int, Int)
        case jump(Int)
        case beginning
        case end
        case found
    }

    private static let lengthLimit = 1_000

    package let text: String
    private let steps: [Step]

    package init(_ text: String) throws(Refusal) {
        guard text.utf8.count <= LinearPattern.lengthLimit else {
            throw .tooLong
        }
        self.text = text
        var parser = PatternParser(text)
        var program = PatternProgram()
        try program.write(try parser.whole())
        steps = program.steps + [.found]
    }

    package static func == (left: LinearPattern, right: LinearPattern) -> Bool { left.text == right.text }

    package func hash(into hasher: inout Hasher) { hasher.combine(text) }

    /// True where the expression is the whole text.
    package func matches(_ text: String) -> Bool {
        let scalars = Array(text.unicodeScalars)
        var places: [Int] = []
        follow([0], at: 0, of: scalars.count, into: &places)
        for (place, scalar) in scalars.enumerated() {
            let next = places.filter { step in
                if case .one(let set) = steps[step] { set.contains(scalar.value) } else { false }
            }
            guard !next.isEmpty else {
                return false
            }
            follow(next.map { $0 + 1 }, at: place + 1, of: scalars.count, into: &places)
        }
        return places.contains { if case .found = steps[$0] { true } else { false } }
    }

    /// Goes on from steps to all that can be reached without a character, each once.
    private func follow(_ first: [Int], at place: Int, of count: Int, into places: inout [Int]) {
        var isKnown = [Bool](repeating: false, count: steps.count)
        var open = first
        places.removeAll(keepingCapacity: true)
        while let step = open.popLast() {
            guard !isKnown[step] else {
                continue
            }
            isKnown[step] = true
            switch steps[step] {
            case .one, .found: places.append(step)
            case .fork(let left, let right): open += [right, left]
            case .jump(let target): open.append(target)
            case .beginning where place == 0: open.append(step + 1)
            case .end where place == count: open.append(step + 1)
            case .beginning, .end: break
            }
        }
    }
}

/// Characters as ranges of their numbers.
struct ScalarSet: Hashable, Sendable {
    private static let highest: UInt32 = 0x10_FFFF

    private(set) var ranges: [ClosedRange<UInt32>]

    init(_ ranges: [ClosedRange<UInt32>]) {
        self.ranges = ranges
    }

    init(_ scalar: Unicode.Scalar) {
        self.init([scalar.value...scalar.value])
    }

    static let any = ScalarSet([0x0A...0x0A]).inverted
    static let digits = ScalarSet([0x30...0x39])
    static let spaces = ScalarSet([0x09...0x0A, 0x0C...0x0D, 0x20...0x20])
    static let words = ScalarSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])

    var inverted: ScalarSet {
        var result: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > next {
                result.append(next...range.lowerBound - 1)
            }
            next = max(next, range.upperBound + 1)
        }
        return ScalarSet(next <= ScalarSet.highest ? result + [next...ScalarSet.highest] : result)
    }

    func contains(_ value: UInt32) -> Bool {
        ranges.contains { $0.contains(value) }
    }

    mutating func add(_ other: ScalarSet) {
        ranges += other.ranges
    }
}

/// The steps that an expression is matched by.
private struct PatternProgram {
    /// Counted repetitions are written out, and may be nested.
    private static let limit = 2_000

    private(set) var steps: [LinearPattern.Step] = []
    private var written = 0

    mutating func write(_ node: PatternParser.Node) throws(LinearPattern.Refusal) {
        written += 1
        guard written <= PatternProgram.limit, steps.count <= PatternProgram.limit else {
            throw .tooLong
        }
        switch node {
        case .one(let set): steps.append(.one(set))
        case .beginning: steps.append(.beginning)
        case .end: steps.append(.end)
        case .sequence(let parts):
            for part in parts {
                try write(part)
            }
        case .choice(let branches): try write(choice: branches[...])
        case .repeated(let node, let least, let most):
            for _ in 0..<least {
                try write(node)
            }
            if let most {
                try write(node, atMost: most - least)
            } else {
                let fork = steps.count
                steps.append(.found)
                try write(node)
                steps.append(.jump(fork))
                steps[fork] = .fork(fork + 1, steps.count)
            }
        }
    }

    private mutating func write(choice branches: ArraySlice<PatternParser.Node>) throws(LinearPattern.Refusal)
    {
        var ends: [Int] = []
        for (place, branch) in branches.enumerated() {
            guard place < branches.count - 1 else {
                try write(branch)
                break
            }
            let fork = steps.count
            steps.append(.found)
            try write(branch)
            ends.append(steps.count)
            steps.append(.found)
            steps[fork] = .fork(fork + 1, steps.count)
        }
        for end in ends {
            steps[end] = .jump(steps.count)
        }
    }

    /// Each further one only where the one before it was there.
    private mutating func write(
        _ node: PatternParser.Node,
        atMost count: Int
    ) throws(LinearPattern.Refusal) {
        var forks: [Int] = []
        for _ in 0..<count {
            forks.append(steps.count)
            steps.append(.found)
            try write(node)
        }
        for fork in forks {
            steps[fork] = .fork(fork + 1, steps.count)
        }
    }
}
