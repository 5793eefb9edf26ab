import Foundation

/// The files that a fleet makes in its directory, and takes away again.
struct FleetFiles {
    /// Why the directory cannot be used.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    let directory: String
    private let createsDirectory: Bool

    var kubeconfig: String { directory + "/kubeconfig" }
    var sources: String { directory + "/sources.json" }
    var control: String { directory + "/control.json" }
    var repositories: String { directory + "/repositories" }

    /// Makes the directory if it is missing, and clears what an earlier fleet left behind.
    ///
    /// - Errors: one when something of these names is there that no fleet made.
    init(directory: String) throws {
        let path = URL(fileURLWithPath: directory).standardizedFileURL.path
        self.directory = path
        let files = FileManager.default
        var isDirectory: ObjCBool = false
        createsDirectory = !files.fileExists(atPath: path, isDirectory: &isDirectory)
        if !createsDirectory, !isDirectory.boolValue {
            throw Problem(description: "\(path) is no directory")
        }
        if createsDirectory {
            do {
                try files.createDirectory(atPath: path, withIntermediateDirectories: true)
            } catch {
                throw Problem(description: "the directory \(path) cannot be made")
            }
        }
        guard files.isWritableFile(atPath: path) else {
            throw Problem(description: "the directory \(path) cannot be written to")
        }
        let foreign = [kubeconfig, sources, control, repositories].first { files.fileExists(atPath: $0) }
        if let foreign, !isOwn {
            throw Problem(description: "\(foreign) was not made by weir-sim; choose another directory")
        }
        remove()
    }

    /// Removes what the fleet made, and the directory itself when it made that and it is empty.
    func cleanUp() {
        remove()
        let files = FileManager.default
        guard createsDirectory, (try? files.contentsOfDirectory(atPath: directory).isEmpty) == true else {
            return
        }
        try? files.removeItem(atPath: directory)
    }

    /// Writes a file in one step, readable by its owner alone.
    static func writePrivately(_ text: String, to path: String) throws {
        let draft = path + ".new"
        let files = FileManager.default
        try? files.removeItem(atPath: draft)
        guard
            files.createFile(
                atPath: draft,
                contents: Data(text.utf8),
                attributes: [.posixPermissions: 0o600]
            )
        else {
            throw Problem(description: "\(path) cannot be written")
        }
        guard rename(draft, path) == 0 else {
            throw Problem(description: "\(path) cannot be replaced")
        }
    }

    private var isOwn: Bool {
        guard let data = FileManager.default.contents(atPath: kubeconfig) else { return false }
        return String(decoding: data.prefix(200), as: UTF8.self).hasPrefix(KubeconfigWriter.mark)
    }

    private func remove() {
        // The kubeconfig is the mark of ownership, so it goes last.
        for path in [repositories, sources, control, kubeconfig] {
            try? FileManager.default.removeItem(atPath: path)
        }
    }
}
