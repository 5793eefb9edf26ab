@testable import FleetSimulator

/// Files in memory, for builds without a repository.
struct MemoryTree: FileTree {
    let files: [String: String]

    func kind(of path: String) -> FileKind? {
        if files[path] != nil { return .file }
        return path.isEmpty || files.keys.contains { $0.hasPrefix(path + "/") } ? .folder : nil
    }

    func content(of path: String) -> FileContent? {
        files[path].map { FileContent(identity: $0, text: $0) }
    }

    func entries(of path: String) -> [String] {
        let prefix = path.isEmpty ? "" : path + "/"
        let inside = files.keys.filter { $0.hasPrefix(prefix) }.map { $0.dropFirst(prefix.count) }
        return Set(inside.compactMap { $0.split(separator: "/").first.map(String.init) }).sorted()
    }
}
