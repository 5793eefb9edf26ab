import CGit2

/// A libgit2 call that did not succeed: what was tried, the code and the library's own words.
struct GitFailure: Error, Equatable, CustomStringConvertible {
    let operation: String
    let code: Int32
    let message: String

    var description: String { "\(operation): \(message)" }

    /// Whether the thing asked for does not exist, as opposed to a broken repository.
    var isNotFound: Bool { code == GIT_ENOTFOUND.rawValue }
}

/// The process-wide start of libgit2; reading it starts the library once.
private let libraryStarted: Bool = git_libgit2_init() > 0

/// Runs one libgit2 call and turns a negative code into a failure.
///
/// - Thread: libgit2 keeps its message per thread, so it is read here, before the closure's thread is left.
func git(_ operation: String, _ call: () -> Int32) throws(GitFailure) {
    guard libraryStarted else {
        throw GitFailure(operation: operation, code: -1, message: "libgit2 did not start")
    }
    try check(operation, call())
}

/// Runs one libgit2 call that hands out a pointer, which then belongs to the caller.
func gitPointer(
    _ operation: String,
    _ call: (UnsafeMutablePointer<OpaquePointer?>) -> Int32
) throws(GitFailure) -> OpaquePointer {
    var pointer: OpaquePointer?
    guard libraryStarted else {
        throw GitFailure(operation: operation, code: -1, message: "libgit2 did not start")
    }
    try check(operation, call(&pointer))
    guard let pointer else {
        throw GitFailure(operation: operation, code: -1, message: "libgit2 returned nothing")
    }
    return pointer
}

private func check(_ operation: String, _ code: Int32) throws(GitFailure) {
    guard code < 0 else { return }
    let message = git_error_last().map { String(cString: $0.pointee.message) } ?? "libgit2 error \(code)"
    throw GitFailure(operation: operation, code: code, message: message)
}
