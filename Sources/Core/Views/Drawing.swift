package import Dashboard
package import Screen

/// A screen as a value, with what lies where for the mouse.
package struct Drawing {
    package let frame: Frame
    /// Later areas lie over earlier ones.
    package let targets: [PointerArea]
}

/// A part of the screen that the pointer can hit.
package struct PointerArea: Hashable, Sendable {
    package let rect: Rect
    package let target: PointerTarget

    package init(rect: Rect, target: PointerTarget) {
        self.rect = rect
        self.target = target
    }
}

/// Collects pointer areas while a screen is drawn.
///
/// - Thread: confined to the thread that draws.
final class PointerMap {
    private(set) var areas: [PointerArea] = []

    /// Notes an area in screen coordinates.
    func add(_ rect: Rect, _ target: PointerTarget) {
        areas.append(PointerArea(rect: rect, target: target))
    }
}
