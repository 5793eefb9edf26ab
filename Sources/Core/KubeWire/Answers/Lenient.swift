/// A list from which elements that cannot be read are left out, instead of failing as a whole.
struct Lenient<Element: Decodable>: Decodable {
    let elements: [Element]
    /// How many elements could not be read.
    let refused: Int

    /// Decodes to nothing and so steps over anything.
    private struct Anything: Decodable {
        init(from decoder: any Decoder) throws {}
    }

    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        var elements: [Element] = []
        var refused = 0
        elements.reserveCapacity(container.count ?? 0)
        while !container.isAtEnd {
            if let element = try? container.decode(Element.self) {
                elements.append(element)
            } else {
                refused += 1
                _ = try container.decode(Anything.self)
            }
        }
        self.elements = elements
        self.refused = refused
    }
}
