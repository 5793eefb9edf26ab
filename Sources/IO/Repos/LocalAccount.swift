import Glibc

/// The account that this process runs as.
package enum LocalAccount {
    /// Its name in the system's list of accounts; nil where the list has none for it, as in some containers.
    package static var name: String? {
        var entry = passwd()
        var result: UnsafeMutablePointer<passwd>?
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4_096) { buffer in
            guard
                let start = buffer.baseAddress,
                getpwuid_r(getuid(), &entry, start, buffer.count, &result) == 0, result != nil,
                let name = entry.pw_name
            else {
                return nil
            }
            return String(cString: name)
        }
    }
}
