import CCurses
import Keys

/// Byte sequences for the terminal that curses does not send by itself.
struct TerminalSequences {
    /// Switches on what the program needs, after curses has entered its screen.
    let enter: [UInt8]
    /// Switches it off again, after curses has left its screen.
    let leave: [UInt8]
    /// Leaves everything without curses' help, for crashes, in at most 512 bytes.
    let rescue: [UInt8]
    /// Makes the whole screen scroll, and puts the cursor anywhere.
    let wholeScreen: [UInt8]
    /// What curses sends to undo changes of the palette; weir makes none, and the operator's must stay.
    let paletteReset: [UInt8]
    /// Whether curses can write the last cell of the screen without a detour that wide characters do not survive.
    let canHoldMargin: Bool

    private let profile: TerminalProfile

    /// Needs curses to be open, for the terminal's description.
    init(profile: TerminalProfile, mouse: Bool, title: Bool) {
        self.profile = profile
        var on = ""
        var off = ""
        if profile.isModern {
            on += "\u{1B}[?2004h"
            off = "\u{1B}[?2004l" + off
            if mouse {
                on += "\u{1B}[?1000h\u{1B}[?1006h"
                off = "\u{1B}[?1006l\u{1B}[?1000l" + off
            }
            if title {
                on += "\u{1B}[22;2t"
                off = "\u{1B}[23;2t" + off
            }
        }
        // Not by curses, which forgets it after a stop when its output is no terminal.
        enter = (Self.capability("smkx") ?? []) + Array(on.utf8)
        leave = Array(off.utf8) + (Self.capability("rmkx") ?? [])
        let region = Self.capability("csr") ?? []
        wholeScreen = region.starts(with: [0x1B, UInt8(ascii: "[")]) ? Array("\u{1B}[r".utf8) : []
        paletteReset = Self.capability("oc") ?? []
        canHoldMargin = Self.capability("rmam") != nil
        let back = ["sgr0", "op", "cnorm", "rmcup"].flatMap { Self.capability($0) ?? [] }
        rescue = leave + wholeScreen + back + Array("\r".utf8)
    }

    /// Puts text on the clipboard of the machine where the operator sits, across SSH.
    ///
    /// - Source: xterm control sequences, OSC 52. Terminals may refuse it, and do not say so.
    func copy(_ text: String) -> [UInt8] {
        guard profile.isModern else { return [] }
        let sequence = "\u{1B}]52;c;\(Base64.text(of: Array(text.utf8)))\u{07}"
        // GNU screen passes on what it does not know only when it is wrapped.
        return Array((profile.isScreen ? "\u{1B}P\(sequence)\u{1B}\\" : sequence).utf8)
    }

    /// A capability without the waiting times that are noted in it.
    static func capability(_ name: String) -> [UInt8]? {
        guard let text = CCurses_capability(name) else { return nil }
        var result: [UInt8] = []
        var rest = Array(String(cString: text).utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "$"), rest.first == UInt8(ascii: "<"),
                let end = rest.firstIndex(of: UInt8(ascii: ">"))
            {
                rest = rest[(end + 1)...]
            } else {
                result.append(byte)
            }
        }
        return result
    }

    /// The key sequences of the terminal's description.
    static func keys() -> [[UInt8]: Key] {
        var table: [[UInt8]: Key] = [:]
        let named: [(String, Key)] = [
            ("kcuu1", .up), ("kcud1", .down), ("kcub1", .left), ("kcuf1", .right), ("khome", .home),
            ("kend", .end), ("kpp", .pageUp), ("knp", .pageDown), ("kich1", .insert), ("kdch1", .delete),
            ("kcbt", .backTab), ("kent", .enter),
        ]
        for (name, key) in named + (1...20).map({ ("kf\($0)", .function($0)) }) {
            guard let sequence = capability(name), sequence.count > 1, sequence[0] == 0x1B else { continue }
            table[sequence] = key
        }
        return table
    }
}

/// Base64 as OSC 52 wants it.
enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The bytes in base64, padded, on one line.
    static func text(of bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for place in 0..<4 {
                let digit = digits[Int(bits >> UInt32(18 - 6 * place) & 63)]
                result.append(place <= group.count ? digit : UInt8(ascii: "="))
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
