import Dashboard
import Git
import Kube
import Screen
import Text

/// Where Git says otherwise than the cluster: the line to change where a difference should stay.
struct OriginLines {
    let pen: Pen
    let width: Int
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
            return [line("to keep it, change ", place)]
        }
        return origins.parents[path].map { [line("to keep it, add it below ", $0)] } ?? []
    }

    /// A place in Git: of a path that is too long its beginning is left out, as the line's number is what is needed.
    private func line(_ words: String, _ place: ManifestPlace) -> [Span] {
        let room = max(12, width - (margin + words).columns - 1)
        var name = place.words
        if name.columns > room {
            var kept: [Character] = []
            var used = 1
            for character in place.words.reversed() {
                used += character.columns
                guard used <= room else {
                    break
                }
                kept.append(character)
            }
            name = String(pen.glyphs.ellipsis) + String(kept.reversed())
        }
        // A few letters of the line itself tell nothing.
        let text = name.columns + 6 < room ? "  \(place.text)" : ""
        return [Span(margin + words, .dim), Span(name, .link), Span(text, .dim)]
    }
}
