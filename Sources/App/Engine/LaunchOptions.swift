/// What the command line says, for every command alike.
package struct LaunchOptions: Sendable {
    /// A single kubeconfig file that must exist; nil means `$KUBECONFIG`, then `~/.kube/config`.
    package var kubeconfig: String?
    /// Names or globs of contexts; empty means those of the config, and without one every context.
    package var contexts: [String] = []
    /// weir's own config; nil means `$XDG_CONFIG_HOME/weir/config.toml` where it exists.
    package var config: String?
    /// Refuses every change, whatever the config says.
    package var isReadOnly = false
    /// Plans as if changes were allowed, and still sends none.
    var isRehearsal = false
    package var logFile: String?
    /// Where mirrors are kept, over what the config says.
    var cacheDirectory: String?
    /// A built-in theme's name or a file; nil leaves it to the config.
    package var theme: String?
    /// Draws with ASCII only.
    package var isASCII = false

    package init() {}
}
