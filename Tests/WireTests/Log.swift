import Foundation

/// What happened, noted from any thread, and awaited by tests.
final class Log: @unchecked Sendable {
    private struct State {
        var entries: [String] = []
        var waiting:
            [(isDone: @Sendable ([String]) -> Bool, continuation: CheckedContinuation<[String], Never>)] = []
    }

    // SAFETY: reached through `locked` alone. (A Mutex would do, but the thread sanitizer cannot see it.)
    private var state = State()
    private let lock = NSLock()

    var entries: [String] { locked { $0.entries } }

    /// How often something was noted.
    func count(_ entry: String) -> Int { entries.filter { $0 == entry }.count }

    func note(_ entry: String) {
        let done = locked { state in
            state.entries.append(entry)
            let entries = state.entries
            let done = state.waiting.filter { $0.isDone(entries) }
            state.waiting.removeAll { $0.isDone(entries) }
            return done.map { ($0.continuation, entries) }
        }
        for (continuation, entries) in done { continuation.resume(returning: entries) }
    }

    /// Waits until something was noted so often.
    func reaches(_ count: Int, of entry: String) async {
        _ = await until { $0.filter { $0 == entry }.count >= count }
    }

    /// Waits until the entries are as wanted, and returns them.
    func until(_ isDone: @escaping @Sendable ([String]) -> Bool) async -> [String] {
        await withCheckedContinuation { continuation in
            let entries: [String]? = locked { state in
                if isDone(state.entries) { return state.entries }
                state.waiting.append((isDone, continuation))
                return nil
            }
            if let entries { continuation.resume(returning: entries) }
        }
    }

    private func locked<Value>(_ body: (inout State) -> Value) -> Value {
        lock.lock()
        defer { lock.unlock() }
        return body(&state)
    }
}
