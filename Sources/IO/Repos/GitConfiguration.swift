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
