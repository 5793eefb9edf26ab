import Foundation
import Git
import Testing

@testable import Repos

/// A remote, a clone to commit with, and a cache for mirrors: all in one directory that goes with it.
final class Bench: Sendable {
    let root: String
    let remote: String
    let work: String
    let cache: String

    init(_ file: String = #fileID, _ function: String = #function) throws {
        _ = TestAuthority.shared
        let name = "\(file).\(function)".map { $0.isLetter || $0.isNumber ? $0 : "-" }
        root = NSTemporaryDirectory() + "weir-\(String(name).suffix(60))-\(UUID().uuidString.prefix(8))"
        remote = "\(root)/remote.git"
        work = "\(root)/work"
        cache = "\(root)/cache"
        try FileManager.default.createDirectory(atPath: "\(root)/home", withIntermediateDirectories: true)
        try git("init", "-q", "--bare", "-b", "main", remote, in: root)
        try git("init", "-q", "-b", "main", work, in: root)
        try git("remote", "add", "origin", remote)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: root)
    }

    /// The environment of every `git` here: nothing of this machine's user.
    var environment: [String: String] {
        [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": "\(root)/home",
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "\(root)/home/.gitconfig", "LC_ALL": "C",
            "GIT_AUTHOR_NAME": "Test", "GIT_AUTHOR_EMAIL": "test@example.org", "GIT_COMMITTER_NAME": "Test",
            "GIT_COMMITTER_EMAIL": "test@example.org", "GIT_TERMINAL_PROMPT": "0",
        ]
    }

    struct CommandFailed: Error {
        let text: String
    }

    /// Runs `git` to its end and gives what it printed.
    @discardableResult
    func git(
        _ arguments: String...,
        in directory: String? = nil,
        input: String = "",
        with more: [String: String] = [:]
    ) throws -> String {
        try run(["git", "-C", directory ?? work] + arguments, input: input, with: more)
    }

    /// Runs a shell script to its end.
    func shell(_ script: String, in directory: String) throws {
        try run(["sh", "-c", "cd \"$0\" && eval \"$1\"", directory, script])
    }

    @discardableResult
    private func run(
        _ command: [String],
        input: String = "",
        with more: [String: String] = [:]
    ) throws -> String {
        var settings = settings(timeout: .seconds(300))
        settings.environment = environment.merging(more) { $1 }
        let answer = try ChildProcess.output(of: command, input: input, for: Transfer(settings))
        guard answer.code == 0 else {
            throw CommandFailed(text: "\(command.joined(separator: " ")): \(answer.complaint) \(answer.text)")
        }
        return answer.text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Writes files (nil deletes), commits them in the clone and gives the commit's id.
    @discardableResult
    func commit(
        _ subject: String,
        _ files: [String: String?],
        at time: Int? = nil,
        with more: [String: String] = [:]
    ) throws -> String {
        for (path, text) in files {
            let full = "\(work)/\(path)"
            guard let text else {
                try FileManager.default.removeItem(atPath: full)
                continue
            }
            let parent = URL(fileURLWithPath: full).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
            try text.write(toFile: full, atomically: false, encoding: .utf8)
        }
        try git("add", "-A")
        let date =
            time.map { ["GIT_AUTHOR_DATE": "\($0) +0000", "GIT_COMMITTER_DATE": "\($0) +0000"] } ?? [:]
        try git("commit", "-q", "--allow-empty", "-m", subject, with: date.merging(more) { $1 })
        return try git("rev-parse", "HEAD")
    }

    func push(_ refspec: String = "main:main") throws {
        try git("push", "-q", "origin", refspec)
    }

    /// Writes an executable hook of the remote.
    func hook(_ name: String, _ script: String) throws {
        let path = "\(remote)/hooks/\(name)"
        try "#!/bin/sh\n\(script)\n".write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }

    func remoteTip(_ branch: String = "main") throws -> String {
        try git("rev-parse", "refs/heads/\(branch)", in: remote)
    }

    func settings(
        url: String? = nil,
        refs: Set<String> = ["refs/heads/main"],
        isReadOnly: Bool = false,
        timeout: Duration = .seconds(30),
        with more: [String: String] = [:]
    ) -> RepositorySettings {
        RepositorySettings(
            id: RepositoryID(url: url ?? remote),
            url: url ?? remote,
            cacheDirectory: cache,
            refs: refs,
            isReadOnly: isReadOnly,
            authorName: "Olga Operator",
            authorEmail: "olga@example.org",
            answerTimeout: timeout,
            environment: environment.merging(more) { $1 }
        )
    }

    func mirror(
        url: String? = nil,
        refs: Set<String> = ["refs/heads/main"],
        isReadOnly: Bool = false,
        timeout: Duration = .seconds(30),
        with more: [String: String] = [:],
        publish: @escaping @Sendable (RepositorySnapshot) -> Void = { _ in }
    ) -> RepositoryMirror {
        RepositoryMirror(
            settings: settings(url: url, refs: refs, isReadOnly: isReadOnly, timeout: timeout, with: more),
            publish: publish
        )
    }

    /// A mirror that has fetched.
    func fetched(
        url: String? = nil,
        refs: Set<String> = ["refs/heads/main"],
        isReadOnly: Bool = false
    ) async throws -> RepositoryMirror {
        let mirror = mirror(url: url, refs: refs, isReadOnly: isReadOnly)
        _ = try await mirror.fetched().get()
        return mirror
    }

    func request(
        _ commit: String,
        branch: String = "main",
        mainline: Int? = nil,
        reason: String = "",
        paths: Set<String> = [],
        url: String? = nil
    ) -> RevertRequest {
        RevertRequest(
            repository: RepositoryID(url: url ?? remote),
            branch: branch,
            commit: commit,
            mainline: mainline,
            reason: reason,
            paths: paths
        )
    }

    /// The tree that `git revert` itself comes to on top of the clone's branch; the clone is put back.
    func treeOfGitRevert(_ commit: String, mainline: Int? = nil) throws -> String {
        let before = try git("rev-parse", "HEAD")
        defer { _ = try? git("reset", "-q", "--hard", before) }
        if let mainline {
            try git("revert", "--no-edit", "-m", "\(mainline)", commit)
        } else {
            try git("revert", "--no-edit", commit)
        }
        return try git("rev-parse", "HEAD^{tree}")
    }

    var mirrorPath: String {
        MirrorPath.directory(of: RepositoryID(url: remote), in: cache)
    }

    /// Every file below a directory, with its size.
    func listing(_ directory: String) -> [String: Int] {
        var found: [String: Int] = [:]
        for path in (try? FileManager.default.subpathsOfDirectory(atPath: directory)) ?? [] {
            let attributes = try? FileManager.default.attributesOfItem(atPath: "\(directory)/\(path)")
            found[path] = attributes?[.size] as? Int
        }
        return found
    }
}
