import CGit2
import Glibc

/// libgit2, set up once for the process.
enum GitLibrary {
    /// Touch before any call; does nothing from the second time on.
    ///
    /// The operator's and the system's Git configuration are read, as `git` reads them: identity, proxies,
    /// `url.*.insteadOf`. Nothing of theirs is run: libgit2 knows no client hooks, and mirrors are made without
    /// templates.
    static let isReady: Bool = {
        guard git_libgit2_init() > 0 else {
            return false
        }
        // Mirrors are weir's own, below a cache directory that only the operator may enter.
        _ = CGit2_set_owner_validation(0)
        // Many small fetches leave many packs; each open one costs a descriptor.
        _ = CGit2_set_pack_file_limit(64)
        // The default of 256 MiB would be most of weir's memory.
        _ = CGit2_set_object_cache_limit(24 << 20)
        // A directory of more than a hundred entries is beyond the default of 4 KiB, and walks read it again and again.
        _ = CGit2_set_tree_cache_limit(128 << 10)
        _ = CGit2_set_user_agent("weir")
        SocketStream.register()
        if let file = certificateFile() {
            _ = CGit2_set_certificate_file(file)
        }
        return true
    }()

    /// The file of trusted authorities that the operator gave Git, where one is given.
    private static func certificateFile() -> String? {
        for name in ["GIT_SSL_CAINFO", "SSL_CERT_FILE"] {
            if let value = getenv(name), value.pointee != 0 {
                return String(cString: value)
            }
        }
        return GitConfiguration().path("http.sslCAInfo")
    }
}
