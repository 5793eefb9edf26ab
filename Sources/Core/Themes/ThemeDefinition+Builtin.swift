import Screen

/// The themes weir brings along. `themes/*.toml` say the same for people to copy; a test keeps them alike.
extension ThemeDefinition {
    /// For dark rooms and most terminals.
    package static let dark = ThemeDefinition(
        name: "dark",
        appearance: .dark,
        palette: [
            "bg": "#11151a", "fg": "#d5dae0", "panel": "#202932", "selection": "#22344c",
            "muted": "#a3adb8", "line": "#5b6773", "accent": "#82b7ff",
            "green": "#7ddc8a", "cyan": "#5fd7e0", "yellow": "#e8c75f", "orange": "#ffa657",
            "red": "#ff8a82", "magenta": "#f29be9", "violet": "#bdaaff", "grey": "#9aa4af",
            "alarm": "#b3261e", "alarm-text": "#ffffff",
        ],
        looks: coloured
    )

    /// For bright rooms and terminals with a white background.
    package static let light = ThemeDefinition(
        name: "light",
        appearance: .light,
        palette: [
            "bg": "#fbfaf7", "fg": "#1f262d", "panel": "#ebe8e1", "selection": "#cfe0f5",
            "muted": "#4b5660", "line": "#8a939c", "accent": "#0b57a4",
            "green": "#14622b", "cyan": "#0a5c66", "yellow": "#6b5100", "orange": "#8a3b00",
            "red": "#a81218", "magenta": "#8a1f7c", "violet": "#4a1fb0", "grey": "#535c65",
            "alarm": "#b3261e", "alarm-text": "#ffffff",
        ],
        looks: coloured
    )

    /// For projectors, tired eyes and the wall.
    package static let highContrast = ThemeDefinition(
        name: "high-contrast",
        appearance: .dark,
        palette: [
            "bg": "#000000", "fg": "#ffffff", "panel": "#1c1c1c", "selection": "#002b55",
            "muted": "#e0e0e0", "line": "#b0b0b0", "accent": "#9dcbff",
            "green": "#5dff7a", "cyan": "#4df3ff", "yellow": "#ffe44d", "orange": "#ffb866",
            "red": "#ffa19b", "magenta": "#ffa6f6", "violet": "#c4b0ff", "grey": "#cfcfcf",
            "alarm": "#a00000", "alarm-text": "#ffffff",
        ],
        looks: coloured
    )

    /// Without any colour: bold, dim, underline and reverse only.
    package static let mono = ThemeDefinition(
        name: "mono",
        appearance: .dark,
        palette: [:],
        looks: Dictionary(
            uniqueKeysWithValues: Role.allCases.map { ($0, Look(nil, monochromeEmphasis($0))) }
        )
    )

    private static let coloured = Dictionary(
        uniqueKeysWithValues: Role.allCases.map { ($0, look(of: $0)) }
    )

    /// Names from the palette for each role; a switch, so that a new role cannot be forgotten.
    private static func look(of role: Role) -> Look {
        switch role {
        case .text, .input, .dialog, .keyLabel, .diffContext: Look("fg", on: "bg")
        case .dim, .placeholder, .age, .tab: Look("muted")
        case .heading: Look("muted", .bold)
        case .accent, .info, .author: Look("accent")
        case .link: Look("accent", .underline)
        case .header: Look("fg", on: "panel")
        case .headerAccent: Look("accent", on: "panel", .bold)
        case .footer: Look("muted", on: "panel")
        case .border, .scrollbar, .barEmpty: Look("line")
        case .borderFocused, .dialogBorder: Look("accent")
        case .title: Look("fg", .bold)
        case .titleFocused, .dialogTitle, .key, .tabActive: Look("accent", .bold)
        case .selection: Look("fg", on: "selection")
        case .ready, .good, .diffAdded: Look("green")
        case .reconciling, .sparkline, .barFull: Look("cyan")
        case .waiting, .unknown: Look("grey")
        case .failed, .bad: Look("red", .bold)
        case .diffRemoved: Look("red")
        case .stalled: Look("magenta", .bold)
        case .suspended: Look("violet")
        case .terminating: Look("orange", .underline)
        case .drift, .warning: Look("orange", .bold)
        case .barPartial: Look("orange")
        case .behind, .revision, .readOnly: Look("yellow")
        case .unreachable: Look("red", .underline)
        case .stale: Look("grey", .dim)
        case .protected: Look("alarm-text", on: "alarm", .bold)
        case .matched: Look("yellow", [.bold, .underline])
        case .marked: Look("accent", .bold)
        case .diffHunk: Look("cyan", .bold)
        case .diffHeader: Look("fg", .bold)
        case .digits: Look("fg", .bold)
        case .button: Look("fg", on: "panel")
        case .buttonFocused: Look("bg", on: "accent", .bold)
        }
    }

    /// What remains of each role where there is no colour.
    static func monochromeEmphasis(_ role: Role) -> Style.Emphasis {
        switch role {
        case .failed, .bad, .stalled, .protected: [.bold, .reverse]
        case .unreachable, .buttonFocused: .reverse
        case .drift, .warning, .terminating: [.bold, .underline]
        case .behind, .matched, .link, .input, .diffRemoved: .underline
        case .reconciling, .title, .titleFocused, .dialogTitle, .heading, .key, .tabActive, .marked, .digits,
            .borderFocused, .accent, .header, .headerAccent, .diffHeader, .diffHunk, .diffAdded, .readOnly:
            .bold
        case .suspended: [.dim, .underline]
        case .waiting, .unknown, .stale, .dim, .placeholder, .tab, .age, .footer: .dim
        case .text, .info, .border, .selection, .scrollbar, .keyLabel, .ready, .good, .revision, .author,
            .diffContext, .barFull, .barPartial, .barEmpty, .sparkline, .dialog, .dialogBorder, .button:
            []
        }
    }
}
