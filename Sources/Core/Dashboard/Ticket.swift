/// Names one question, so that an answer that came too late can be told from the one awaited.
package struct Ticket: Hashable, Comparable, Sendable {
    package let number: Int

    package init(_ number: Int) {
        self.number = number
    }

    package static func < (left: Ticket, right: Ticket) -> Bool {
        left.number < right.number
    }
}

/// What a ticket was drawn for: of each kind of question only the newest answer counts.
package enum Question: Hashable, Sendable {
    case log, diff, plan, push, object, audit, controllerLog, origins, declaration
}
