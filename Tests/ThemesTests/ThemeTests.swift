import Screen
import Testing
import Themes

struct ThemeTests {
    /// States that must not be taken for one another; the symbol tells those of one group apart.
    static let groups: [[Role]] = [
        [.ready, .good], [.reconciling], [.waiting, .unknown], [.failed, .bad], [.stalled], [.suspended],
        [.drift, .warning], [.behind], [.unreachable], [.stale],
    ]

    /// The groups that must differ even without colours.
    static let monochromeGroups: [[Role]] = [
        [.ready], [.reconciling], [.waiting, .unknown, .stale], [.failed, .stalled], [.suspended], [.drift],
        [.unreachable], [.behind],
    ]

    /// Lines and bars are looked at, not read.
    static let pictures: Set<Role> = [.border, .scrollbar, .barEmpty, .selection]

    static let coloured = Theme.builtin.filter { $0.name != "mono" }

    private static func background(of theme: Theme) -> Colour {
        theme.appearance == .dark ? .rgb(0, 0, 0) : .rgb(255, 255, 255)
    }

    /// What is seen, reverse applied.
    private static func seen(_ style: Style, in theme: Theme) -> (text: Colour, behind: Colour) {
        let other: Colour = theme.appearance == .dark ? .rgb(229, 229, 229) : .rgb(0, 0, 0)
        let pair = (style.foreground ?? other, style.background ?? background(of: theme))
        return style.emphasis.contains(.reverse) ? (pair.1, pair.0) : pair
    }

    @Test(arguments: coloured, [ColourDepth.trueColour, .indexed256])
    func `every role can be read on every background`(theme: Theme, depth: ColourDepth) {
        let wanted = theme.name == "high-contrast" ? 7.0 : 4.5
        for role in Role.allCases {
            for attributes in [[], .selected, .raised] as [Cell.Attributes] {
                let style = theme.style(for: role, attributes: attributes, depth: depth)
                let (text, behind) = Self.seen(style, in: theme)
                let needed = Self.pictures.contains(role) ? 1.8 : attributes.isEmpty ? wanted : 4.0
                let contrast = Colour.contrast(text, behind)
                #expect(contrast >= needed, "\(role) \(attributes.rawValue): \(contrast)")
            }
        }
    }

    @Test(arguments: coloured, [ColourDepth.ansi16, .ansi8])
    func `every role can be read in the operator's own palette`(theme: Theme, depth: ColourDepth) {
        for role in Role.allCases {
            for attributes in [[], .selected, .raised] as [Cell.Attributes] {
                let style = theme.style(for: role, attributes: attributes, depth: depth)
                let (text, behind) = Self.seen(style, in: theme)
                // Blue is dark in every palette; nobody can do anything about it.
                #expect(Colour.contrast(text, behind) >= 1.9, "\(role) \(attributes.rawValue): \(style)")
            }
        }
    }

    @Test(arguments: coloured, [ColourDepth.trueColour, .indexed256, .ansi16, .ansi8])
    func `states of different weight look different`(theme: Theme, depth: ColourDepth) {
        Self.expectDistinct(Self.groups, theme: theme, depth: depth)
    }

    @Test(arguments: Theme.builtin)
    func `states differ where there is no colour at all`(theme: Theme) {
        Self.expectDistinct(Self.monochromeGroups, theme: theme, depth: .mono)
        for role in Role.allCases {
            let style = theme.style(for: role, attributes: .selected, depth: .mono)
            #expect(style.foreground == nil)
            #expect(style.background == nil)
            #expect(style != theme.style(for: role, depth: .mono), "the selected row must stand out")
        }
    }

    private static func expectDistinct(
        _ groups: [[Role]],
        theme: Theme,
        depth: ColourDepth,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for (index, group) in groups.enumerated() {
            for role in group {
                for other in groups.dropFirst(index + 1).joined() {
                    let isSame = theme.style(for: role, depth: depth) == theme.style(for: other, depth: depth)
                    #expect(!isSame, "\(role), \(other)", sourceLocation: sourceLocation)
                }
            }
        }
    }

    @Test(arguments: coloured, ColourDepth.allCases)
    func `the selected row stands out`(theme: Theme, depth: ColourDepth) {
        for role in Role.allCases where role != .selection {
            let plain = theme.style(for: role, depth: depth)
            #expect(theme.style(for: role, attributes: .selected, depth: depth) != plain, "\(role)")
        }
    }

    @Test func `attributes of a cell come on top of its role`() {
        let attributes: Cell.Attributes = [.bold, .underline, .reverse, .dim]
        let style = Theme.standard.style(for: .text, attributes: attributes)
        #expect(style.emphasis == [.bold, .underline, .reverse, .dim])
    }

    @Test func `the first theme is the standard one`() {
        #expect(Theme.builtin.map(\.name) == ["dark", "light", "high-contrast", "mono"])
        #expect(Theme.standard == Theme.named("dark"))
        #expect(Theme.named("no such theme") == nil)
    }
}
