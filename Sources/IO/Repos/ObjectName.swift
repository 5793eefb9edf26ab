import CGit2

/// The name of one Git object, as a value that can be a key.
struct ObjectName: Hashable, Sendable {
    private let high: UInt64
    private let middle: UInt64
    private let low: UInt32

    init(_ oid: git_oid) {
        var copy = oid
        (high, middle, low) = withUnsafeBytes(of: &copy) { bytes in
            (
                bytes.loadUnaligned(as: UInt64.self),
                bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
                bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self)
            )
        }
    }

    init?(_ pointer: UnsafePointer<git_oid>?) {
        guard let pointer else {
            return nil
        }
        self.init(pointer.pointee)
    }

    /// Reads 40 hex digits.
    init?(hex: String) {
        var oid = git_oid()
        guard hex.utf8.count == 40, git_oid_fromstr(&oid, hex) == 0 else {
            return nil
        }
        self.init(oid)
    }

    var oid: git_oid {
        var oid = git_oid()
        withUnsafeMutableBytes(of: &oid) { bytes in
            bytes.storeBytes(of: high, as: UInt64.self)
            bytes.storeBytes(of: middle, toByteOffset: 8, as: UInt64.self)
            bytes.storeBytes(of: low, toByteOffset: 16, as: UInt32.self)
        }
        return oid
    }

    var hex: String {
        var copy = oid
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 41) { buffer in
            guard let start = buffer.baseAddress else {
                return ""
            }
            git_oid_tostr(start, 41, &copy)
            return String(cString: start)
        }
    }
}
