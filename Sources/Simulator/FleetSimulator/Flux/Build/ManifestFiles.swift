import Synchronization

/// Parsed YAML files by content, shared by all clusters, since most files stay the same from commit to commit.
///
/// - Thread: any thread may use it.
final class ManifestFiles: Sendable {
    /// The files of all clusters of the process.
    static let shared = ManifestFiles()

    /// What parsing one file gave.
    private enum Parsed: Sendable {
        case documents([JSON])
        case failure(String)
    }

    /// Beyond this many files all are forgotten; a fleet's repositories hold some hundreds.
    private static let limit = 20_000
    private let parsed = Mutex<[String: Parsed]>([:])

    /// The documents of a file; empty documents are left out, lists are opened.
    ///
    /// - Errors: the YAML parser's words.
    func documents(_ content: FileContent) throws(YAMLProblem) -> [JSON] {
        let known = parsed.withLock { $0[content.identity] }
        switch known ?? parse(content) {
        case .documents(let documents): return documents
        case .failure(let message): throw YAMLProblem(message: message)
        }
    }

    private func parse(_ content: FileContent) -> Parsed {
        let result: Parsed
        do {
            let documents = try JSON.fromYAML(content.text)
            result = .documents(
                documents.flatMap { document in
                    document.kind.hasSuffix("List") ? document["items"]?.array ?? [document] : [document]
                }
            )
        } catch {
            result = .failure("\(error)".replacing("\n", with: " "))
        }
        parsed.withLock { files in
            if files.count >= Self.limit { files.removeAll() }
            files[content.identity] = result
        }
        return result
    }
}

/// A file that is no YAML, in the parser's words.
struct YAMLProblem: Error, Equatable {
    let message: String
}

/// Why `kustomize build` gave nothing, in the words that follow `kustomize build failed: `.
struct BuildProblem: Error, Equatable {
    let message: String
}
