import CGit2

/// The operator's own Git configuration: system, global and XDG files.
struct GitConfiguration {
    /// Nil where it is unset or the files cannot be read.
    func text(_ key: String) -> String? {
        value { config, buffer in git_config_get_string_buf(buffer, config, key) }
    }

    /// Like `text`, with `~` made out.
    func path(_ key: String) -> String? {
        value { config, buffer in git_config_get_path(buffer, config, key) }
    }

    /// The address that `url.*.insteadOf` makes of another; for pushes `pushInsteadOf` goes first.
    ///
    /// - Source: git-config(1): the longest that fits counts.
    func rewritten(_ url: String, isPush: Bool) -> String {
        let settings = settings(named: "url.")
        let names = isPush ? ["pushinsteadof", "insteadof"] : ["insteadof"]
        for name in names {
            if let found = GitConfiguration.rewritten(url, by: settings, name) {
                return found
            }
        }
        return url
    }

    /// What the settings called `url.BASE.name` make of an address; nil where none fits.
    static func rewritten(_ url: String, by settings: [(name: String, value: String)], _ name: String)
        -> String?
    {
        let fitting = settings.filter { $0.name.hasSuffix(".\(name)") && url.hasPrefix($0.value) }
        guard let longest = fitting.max(by: { $0.value.utf8.count < $1.value.utf8.count }) else {
            return nil
        }
        let base = longest.name.dropFirst("url.".count).dropLast(name.count + 1)
        return "\(base)\(url.dropFirst(longest.value.count))"
    }

    /// All settings whose name begins so, with their values.
    private func settings(named prefix: String) -> [(name: String, value: String)] {
        guard
            let config = try? OwnedHandle<ConfigurationKind>(
                "Opening the Git configuration",
                git_config_open_default
            )
        else {
            return []
        }
        return config.read { config in
            var iterator: OpaquePointer?
            guard git_config_iterator_new(&iterator, config) == 0 else {
                git_error_clear()
                return []
            }
            defer { git_config_iterator_free(iterator) }
            var found: [(name: String, value: String)] = []
            var entry: UnsafeMutablePointer<git_config_entry>?
            while git_config_next(&entry, iterator) == 0, let setting = entry?.pointee {
                guard let name = setting.name.map({ String(cString: $0) }), name.hasPrefix(prefix) else {
                    continue
                }
                found.append((name, setting.value.map { String(cString: $0) } ?? ""))
            }
            git_error_clear()
            return found
        }
    }

    private func value(_ read: (OpaquePointer, UnsafeMutablePointer<git_buf>) -> Int32) -> String? {
        guard
            let config = try? OwnedHandle<ConfigurationKind>(
                "Opening the Git configuration",
                git_config_open_default
            )
        else {
            return nil
        }
        return config.read { config in
            var buffer = git_buf()
            defer { git_buf_dispose(&buffer) }
            guard read(config, &buffer) == 0, let start = buffer.ptr else {
                git_error_clear()
                return nil
            }
            let text = String(cString: start)
            return text.isEmpty ? nil : text
        }
    }
}
