import Clusters
import Configuration
import Dashboard
import FoundationEssentials
import Kube
import KubeWire

/// What weir is to watch, put together from the command line, its config and the kubeconfigs.
///
/// - Shape: `clusters` and `profiles` go together, in the order in which they are named.
struct FleetAssembly {
    var settings: Settings
    var clusters: [ClusterSettings]
    var profiles: [ClusterProfile]
    /// Sentences about what was wrong with the input and left out.
    var problems: [String]
    var cacheDirectory: String
    /// What effects, sessions and mirrors go by: no change leaves the process.
    var isReadOnly: Bool
    /// What plans and screens go by; a rehearsal plans what a process that may push would do.
    var isShownReadOnly: Bool
    /// Where changes and drift are remembered; nil keeps no ledger.
    var ledgerPath: String?
    /// True where the operator confirms on the screen, false where the command line was the confirmation.
    var isDashboard = false
    /// True for a wall screen, which shows one view and takes hardly any keys.
    var isMonitor = false
    /// True where an operator at the keyboard can be asked for a passphrase or a password.
    var canAsk = false

    /// Reads everything.
    ///
    /// - Errors: only where nothing is left to show: a named file that does not exist, a `--context` that
    ///   matches nothing, no usable kubeconfig at all.
    init(_ options: LaunchOptions) throws(LaunchFailure) {
        (settings, problems) = try FleetAssembly.settings(options)
        isReadOnly = options.isReadOnly || options.isRehearsal || settings.general.isReadOnly
        if options.isRehearsal {
            settings.general.isReadOnly = false
        }
        isShownReadOnly = isReadOnly && !options.isRehearsal
        cacheDirectory = options.cacheDirectory ?? FleetAssembly.cacheDirectory(settings)
        (clusters, profiles) = ([], [])

        let main = try FleetAssembly.kubeconfig(at: options.kubeconfig)
        problems += main.problems.filter { $0.context == nil }.map(\.description)
        if options.contexts.isEmpty, !settings.clusters.isEmpty {
            addConfigured(main: main, explicitFile: options.kubeconfig)
        } else {
            try add(from: main, matching: options.contexts, explicitFile: options.kubeconfig)
        }
        guard !clusters.isEmpty else {
            throw LaunchFailure(FleetAssembly.nothingFound(options, problems: problems))
        }
    }

    /// The contexts that the rules of the config name, each from the kubeconfig that its rule names.
    private mutating func addConfigured(main: Kubeconfig, explicitFile: String?) {
        let others = otherKubeconfigs(explicitFile: explicitFile)
        for rule in settings.clusters {
            var kubeconfig = main
            if explicitFile == nil, let path = rule.kubeconfig.map(FleetAssembly.expanded) {
                // A file that could not be read was told; a context of the same name elsewhere is another cluster.
                guard let other = others[path] else {
                    continue
                }
                kubeconfig = other
            }
            let glob = Glob(rule.context)
            let matches = kubeconfig.contexts.filter { glob?.matches($0.name) == true }
            if matches.isEmpty {
                problems.append(
                    "[[cluster]] context = \"\(rule.context)\" matches no context of the kubeconfig"
                )
            }
            matches.forEach { add($0) }
        }
    }

    /// The kubeconfigs that rules of the config name beside the usual one, by path; none where the command line names
    /// the only one.
    private mutating func otherKubeconfigs(explicitFile: String?) -> [String:
        Kubeconfig]
    {
        guard explicitFile == nil else {
            return [:]
        }
        var others: [String: Kubeconfig] = [:]
        for path in settings.clusters.compactMap(\.kubeconfig).map(FleetAssembly.expanded)
        where others[path] == nil {
            // One file that is not there takes no other cluster down.
            guard let kubeconfig = readable(path) else {
                continue
            }
            problems += kubeconfig.problems.filter { $0.context == nil }.map(\.description)
            others[path] = kubeconfig
        }
        return others
    }

    /// The contexts that the command line names, from all kubeconfigs that are known, or all of the usual one.
    private mutating func add(
        from main: Kubeconfig,
        matching patterns: [String],
        explicitFile: String?
    ) throws(LaunchFailure) {
        guard !patterns.isEmpty else {
            main.contexts.forEach { add($0) }
            return
        }
        let others = otherKubeconfigs(explicitFile: explicitFile)
        var all = main.contexts.map { (path: String?.none, context: $0) }
        for path in others.keys.sorted() {
            all += (others[path]?.contexts ?? []).map { (path: path, context: $0) }
        }
        for pattern in patterns {
            let glob = Glob(pattern)
            let matches = all.filter { $0.context.name == pattern || glob?.matches($0.context.name) == true }
            guard !matches.isEmpty else {
                throw LaunchFailure(
                    "--context \(pattern) matches no context of the kubeconfig; "
                        + FleetAssembly.advice(on: pattern, among: all.map(\.context.name))
                )
            }
            for (path, context) in matches {
                // The rule says which file is meant, as it does without --context.
                let named = settings.rule(forContext: context.name)?.kubeconfig.map(FleetAssembly.expanded)
                if explicitFile != nil || named == nil || named == path {
                    add(context)
                }
            }
        }
    }

    /// What may have been meant, and what there is.
    private static func advice(on pattern: String, among names: [String]) -> String {
        guard !names.isEmpty else {
            return "it has none"
        }
        let near = NearestName.of(pattern, among: names).map { "did you mean \($0)? " } ?? ""
        let most = 8
        let shown = names.prefix(most).joined(separator: ", ")
        return "\(near)it has \(shown)" + (names.count > most ? " and \(names.count - most) more" : "")
    }

    /// A kubeconfig that a rule names; what keeps it from being read goes to the problems.
    private mutating func readable(_ path: String) -> Kubeconfig? {
        do throws(LaunchFailure) {
            return try FleetAssembly.kubeconfig(at: path)
        } catch {
            problems.append(error.description)
            return nil
        }
    }

    private mutating func add(_ context: KubeContext) {
        let id = ClusterID(context.name)
        if let known = clusters.first(where: { $0.id == id }) {
            // Two rules may well name one context; two files that do are two clusters, of which one must go.
            if known.access != context.access {
                problems.append("the context \(id) is in several kubeconfigs: the first counts")
            }
            return
        }
        let rule = settings.rule(forContext: context.name)
        let isRuledReadOnly = rule?.isReadOnly == true
        var cluster = ClusterSettings(
            id: id,
            displayName: rule?.name,
            access: context.access,
            namespaces: rule?.namespaces ?? [],
            isReadOnly: isReadOnly || isRuledReadOnly
        )
        cluster.ownerRules = settings.drift.owners.map {
            OwnerRule(manager: $0.manager, kinds: $0.kinds, fields: $0.fields)
        }
        if let timeout = rule?.timeout {
            cluster.requestTimeout = timeout
            cluster.connectTimeout = min(timeout, cluster.connectTimeout)
        }
        clusters.append(cluster)
        profiles.append(
            ClusterProfile(
                id: id,
                displayName: rule?.name ?? context.name,
                group: rule?.group ?? "",
                isProtected: rule?.isProtected ?? false,
                isReadOnly: isShownReadOnly || isRuledReadOnly,
                colour: rule?.colour
            )
        )
    }
}

extension FleetAssembly {
    private static func settings(
        _ options: LaunchOptions
    ) throws(LaunchFailure) -> (Settings, [String]) {
        let path = options.config.map(expanded) ?? defaultConfigPath
        guard let bytes = try TextFile.bytes(at: path) else {
            guard options.config == nil else {
                throw LaunchFailure("the config file \(path) does not exist")
            }
            return (Settings(), [])
        }
        let (settings, diagnostics) = Settings.read(String(decoding: bytes, as: UTF8.self), file: path)
        return (settings, diagnostics.map(\.description))
    }

    private static var defaultConfigPath: String {
        let base = TextFile.environment("XDG_CONFIG_HOME").flatMap { $0.isEmpty ? nil : $0 }
        return "\(base ?? "\(TextFile.home)/.config")/weir/config.toml"
    }

    private static func cacheDirectory(_ settings: Settings) -> String {
        if let configured = settings.general.cacheDirectory {
            return expanded(configured)
        }
        let base = TextFile.environment("XDG_CACHE_HOME").flatMap { $0.isEmpty ? nil : $0 }
        return "\(base ?? "\(TextFile.home)/.cache")/weir"
    }

    static func expanded(_ path: String) -> String {
        path == "~" || path.hasPrefix("~/") ? TextFile.home + path.dropFirst() : path
    }

    /// One named file that must exist, or what kubectl would read.
    static func kubeconfig(at explicit: String?) throws(LaunchFailure) -> Kubeconfig {
        let kubeconfig = Kubeconfig.read(
            explicit: explicit.map { [$0] } ?? [],
            environment: ProcessInfo.processInfo.environment
        )
        if explicit != nil, kubeconfig.contexts.isEmpty, let problem = kubeconfig.problems.first {
            throw LaunchFailure("\(problem); name a kubeconfig that can be used with --kubeconfig")
        }
        return kubeconfig
    }

    /// A change is made only where somebody named the cluster: what kubectl would take is told, and not taken.
    static func checkNamesCluster(_ options: LaunchOptions) throws(LaunchFailure) {
        guard options.contexts.isEmpty else {
            return
        }
        let current = try? kubeconfig(at: options.kubeconfig).currentContext
        let hint = current.map { "; kubectl's current context is \($0)" } ?? ""
        throw LaunchFailure("name the cluster: --context NAME, which may be repeated\(hint)")
    }

    private static func nothingFound(_ options: LaunchOptions, problems: [String]) -> String {
        if let first = problems.first {
            return first
        }
        if let file = options.kubeconfig {
            return "\(file) has no contexts; name a kubeconfig with at least one"
        }
        return "no kubeconfig with a context was found; set KUBECONFIG, use --kubeconfig, or try weir demo"
    }
}
