import CGit2
import Git
import Text

/// Why a job on a mirror ended early: what the caller is told, or damage that the mirror mends itself first.
enum MirrorTrouble: Error {
    case failure(GitFailure)
    /// The mirror on disk cannot be read; the sentence says how libgit2 saw it.
    case damaged(String)
    case cancelled

    init(_ cause: GitFailure.Cause, _ message: String) {
        self = .failure(GitFailure(cause, message))
    }

    var failure: GitFailure {
        switch self {
        case .failure(let failure): failure
        case .damaged(let detail): GitFailure(.other, "The local mirror is damaged: \(detail).")
        case .cancelled: GitFailure(.other, "Cancelled before it was done; nothing was changed.")
        }
    }
}

/// One failed call of libgit2, with the message of its own thread.
struct GitCallError: Error {
    let doing: String
    let code: Int32
    let category: Int32
    let text: String

    /// Call at once after the failed call, on its thread: libgit2 keeps messages per thread.
    init(doing: String, code: Int32) {
        self.doing = doing
        self.code = code
        let last = git_error_last()
        category = last?.pointee.klass ?? 0
        text = Redaction.clean(last?.pointee.message.map { String(cString: $0) } ?? "error \(code)")
        git_error_clear()
    }

    var isMissing: Bool { code == GIT_ENOTFOUND.rawValue }

    private var looksDamaged: Bool {
        let categories = [
            GIT_ERROR_ODB, GIT_ERROR_ZLIB, GIT_ERROR_OBJECT, GIT_ERROR_TREE, GIT_ERROR_REPOSITORY,
        ]
        return code == GIT_EMISMATCH.rawValue || categories.contains { Int32($0.rawValue) == category }
    }

    /// For calls on the mirror alone, where no stranger can be at fault.
    var local: MirrorTrouble {
        looksDamaged ? .damaged(text) : MirrorTrouble(.other, "\(doing) did not work: \(text).")
    }
}

/// Runs one libgit2 call and reads its message on the spot, before anything else can use the thread.
///
/// - Errors: codes below zero; callers that expect a code compare it themselves with `gitCode`.
func git(_ doing: String, _ call: () -> Int32) throws(MirrorTrouble) {
    let code = call()
    guard code < 0 else {
        return
    }
    throw GitCallError(doing: doing, code: code).local
}

/// Like `git`, with nil for "not found".
func gitFound(_ doing: String, _ call: () -> Int32) throws(MirrorTrouble) -> Bool {
    let code = call()
    guard code < 0 else {
        return true
    }
    let error = GitCallError(doing: doing, code: code)
    guard error.isMissing else {
        throw error.local
    }
    return false
}
