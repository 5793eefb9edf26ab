/// A value kept apart from whatever holds it, shared by copies of its holder.
final class Box<Value: Hashable & Sendable>: Hashable, Sendable {
    let value: Value

    init(_ value: Value) {
        self.value = value
    }

    static func == (left: Box, right: Box) -> Bool {
        left === right || left.value == right.value
    }

    func hash(into hasher: inout Hasher) {
        value.hash(into: &hasher)
    }
}
