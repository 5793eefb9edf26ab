package import Keys

/// What the settings file says, with the defaults where it says nothing.
package struct Settings: Sendable, Equatable {
    package var general: GeneralSettings
    package var clusters: [ClusterRule]
    package var keymap: Keymap<Command>
    package var git: GitSettings
    package var drift: DriftSettings
    package var freezes: [FreezeWindow]

    package init(
        general: GeneralSettings = GeneralSettings(),
        clusters: [ClusterRule] = [],
        keymap: Keymap<Command> = Command.defaultKeymap,
        git: GitSettings = GitSettings(),
        drift: DriftSettings = DriftSettings(),
        freezes: [FreezeWindow] = []
    ) {
        self.general = general
        self.clusters = clusters
        self.keymap = keymap
        self.git = git
        self.drift = drift
        self.freezes = freezes
    }

    /// The rules that speak of a context, put together: of two that set the same thing the later wins.
    ///
    /// - Shape: nil where no rule names the context.
    package func rule(forContext context: String) -> ClusterRule? {
        var result: ClusterRule?
        for rule in clusters where Glob(rule.context)?.matches(context) == true {
            result = result?.overlaid(by: rule) ?? rule
        }
        return result
    }
}

/// The table `[general]`.
package struct GeneralSettings: Sendable, Hashable {
    /// The name of a theme; nil takes the built-in one.
    package var theme: String?
    package var isReadOnly: Bool
    /// Nil decides by the locale.
    package var usesASCII: Bool?
    package var usesMouse: Bool
    /// Where mirrors are kept, `~` not expanded; nil takes the cache directory of the user.
    package var cacheDirectory: String?
    /// How often the heads of remotes are asked for.
    package var fetchInterval: Duration

    package init(
        theme: String? = nil,
        isReadOnly: Bool = false,
        usesASCII: Bool? = nil,
        usesMouse: Bool = true,
        cacheDirectory: String? = nil,
        fetchInterval: Duration = .seconds(60)
    ) {
        self.theme = theme
        self.isReadOnly = isReadOnly
        self.usesASCII = usesASCII
        self.usesMouse = usesMouse
        self.cacheDirectory = cacheDirectory
        self.fetchInterval = fetchInterval
    }
}

/// The table `[git]`: who signs the commits that weir makes.
package struct GitSettings: Sendable, Hashable {
    /// Nil takes `user.name` of the operator's own Git configuration.
    package var authorName: String?
    /// Nil takes `user.email` of the operator's own Git configuration.
    package var authorEmail: String?

    package init(authorName: String? = nil, authorEmail: String? = nil) {
        self.authorName = authorName
        self.authorEmail = authorEmail
    }
}
