import Foundation
import Synchronization

/// One source that an outside reader may follow, as listed in `sources.json`.
package struct SourceEntry: Codable, Sendable, Equatable {
    /// The repository's name on the host.
    package let name: String
    /// Where to clone it from.
    package let url: String
    /// The branch that clusters follow.
    package let branch: String

    package init(name: String, url: String, branch: String) {
        self.name = name
        self.url = url
        self.branch = branch
    }
}

/// A Git server on a loopback port, over real bare repositories, so that clone, push and hooks are real.
///
/// - Thread: all members may be used from any thread.
package final class GitHost: Sendable {
    /// Images, charts and OCI artifacts that exist beside Git in the simulated world.
    package let registry = ArtifactRegistry()

    private let directory: String
    private let rights = Mutex<[String: RepositoryRights]>([:])
    private let running = Mutex<GitServer?>(nil)

    /// Keeps its repositories in `directory/repositories`, which is made when missing.
    package init(directory: String) throws {
        self.directory = "\(directory)/repositories"
        try FileManager.default.createDirectory(atPath: self.directory, withIntermediateDirectories: true)
    }

    /// Listens on a free loopback port and returns it; a second call returns the same port.
    package func start() throws -> Int {
        try running.withLock { server in
            if let server { return server.port }
            let started = try GitServer(root: directory) { [weak self] name in
                self?.rights(of: name) ?? RepositoryRights()
            }
            server = started
            return started.port
        }
    }

    /// Stops listening and waits until the port is closed; the repositories stay.
    package func stop() {
        let server = running.withLock { server in
            defer { server = nil }
            return server
        }
        server?.stop()
    }

    /// The address to clone a repository from; port 0 before `start`.
    package func url(repository name: String) -> String {
        "\(base)/\(name).git"
    }

    /// The folder of a bare repository, whether it exists or not.
    package func path(repository name: String) -> String {
        "\(directory)/\(name).git"
    }

    /// Restricts a repository from now on.
    package func setRights(_ new: RepositoryRights, repository name: String) {
        rights.withLock { $0[name] = new }
    }

    /// Who may use a repository; everybody unless `setRights` said otherwise.
    package func rights(of name: String) -> RepositoryRights {
        rights.withLock { $0[name] ?? RepositoryRights() }
    }

    /// The name of the repository that an address of this host means; nil for every other address.
    package func repository(at url: String) -> String? {
        guard url.hasPrefix(base + "/") else { return nil }
        let name = url.dropFirst(base.count + 1)
        let bare = name.hasSuffix(".git") ? name.dropLast(4) : name
        return bare.isEmpty || bare.contains("/") || bare.hasPrefix(".") ? nil : String(bare)
    }

    /// The address of the host itself, without a slash at its end.
    package var base: String {
        "http://127.0.0.1:\(running.withLock { $0?.port } ?? 0)"
    }

    /// Removes a repository and all its history, if there is one.
    func remove(repository name: String) throws {
        let path = path(repository: name)
        guard FileManager.default.fileExists(atPath: path) else { return }
        try FileManager.default.removeItem(atPath: path)
    }

    /// Makes an empty repository that may be pushed to, with a folder for hooks.
    func create(repository name: String) throws -> RepositoryHistory {
        let path = path(repository: name)
        let history = try RepositoryHistory(path: path)
        try FileManager.default.createDirectory(atPath: "\(path)/hooks", withIntermediateDirectories: true)
        let configuration = """
            [core]
            \trepositoryformatversion = 0
            \tfilemode = true
            \tbare = true
            [http]
            \treceivepack = true
            [uploadpack]
            \tallowFilter = true
            [receive]
            \tdenyNonFastForwards = true

            """
        try configuration.write(toFile: "\(path)/config", atomically: true, encoding: .utf8)
        return history
    }
}
