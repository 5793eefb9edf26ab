import Glibc

/// Reads whole files without Foundation.
enum TextFile {
    /// The bytes of a file.
    ///
    /// - Errors: nil where the file does not exist; otherwise a sentence with the reason.
    static func bytes(at path: String, limit: Int = 16 << 20) throws(LaunchFailure) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR {
                return nil
            }
            throw LaunchFailure("cannot read \(path): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR {
                continue
            }
            guard count >= 0 else {
                throw LaunchFailure("cannot read \(path): \(String(cString: strerror(errno)))")
            }
            guard count > 0 else {
                return bytes
            }
            bytes.append(contentsOf: chunk[..<count])
            guard bytes.count <= limit else {
                throw LaunchFailure("\(path) is larger than \(limit >> 20) MiB; is it the right file?")
            }
        }
    }

    static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    /// `$HOME`, or an empty string.
    static var home: String { environment("HOME") ?? "" }
}
