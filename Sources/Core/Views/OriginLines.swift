import Dashboard
import Git
import Kube
import Screen

/// Where Git says otherwise than the cluster: the line to change where a difference should stay.
struct OriginLines {
    let pen: Pen
    /// Columns before the line of a field.
    var indent = 6

    private var margin: String { String(repeating: " ", count: indent) }

    private func origins(of entry: InventoryEntry) -> ManifestOrigins? {
        pen.state.resource?.origins[entry]
    }

    /// Where the object is declared, and what may say otherwise than the lines that were found.
    func object(_ entry: InventoryEntry) -> [[Span]] {
        guard let origins = origins(of: entry) else {
            return []
        }
        let place =
            origins.object.map { "declared in \($0.words)" } ?? "its manifest was not found in the mirror"
        return [[Span("    \(place)", .dim)]] + origins.doubts.map { [Span("    \($0)", .dim)] }
    }

    /// The line that sets a field last, or the one below which it would stand.
    func field(_ path: String, of entry: InventoryEntry) -> [[Span]] {
        guard let origins = origins(of: entry) else {
            return []
        }
        if let place = origins.fields[path] {
            return [
                [
                    Span(margin + "to keep it, change ", .dim), Span(place.words, .link),
                    Span("  \(place.text)", .dim),
                ]
            ]
        }
        return origins.parents[path].map { place in
            [
                [
                    Span(margin + "to keep it, add it below ", .dim), Span(place.words, .link),
                    Span("  \(place.text)", .dim),
                ]
            ]
        } ?? []
    }
}
