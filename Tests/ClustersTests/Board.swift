import Clusters
import Foundation
import HashTreeCollections
import Kube
import KubeWire

/// Keeps the newest snapshot of a session and lets a test wait for one that it wants.
final class Board: @unchecked Sendable {
    private let lock = NSLock()
    private var latest: ClusterSnapshot?
    private var published = 0
    private var waiting: [Int: Waiter] = [:]
    private var asked = 0

    private struct Waiter {
        let isWanted: @Sendable (ClusterSnapshot) -> Bool
        let wake: CheckedContinuation<ClusterSnapshot?, Never>
    }

    /// The test was given up, at its time limit for example, before what it waits for came.
    struct GaveUp: Error, CustomStringConvertible {
        let latest: ClusterSnapshot?

        var description: String { "gave up waiting; the newest snapshot was \(String(describing: latest))" }
    }

    func post(_ snapshot: ClusterSnapshot) {
        let woken = lock.withLock {
            latest = snapshot
            published += 1
            let woken = waiting.filter { $0.value.isWanted(snapshot) }
            woken.keys.forEach { waiting[$0] = nil }
            return woken.values
        }
        woken.forEach { $0.wake.resume(returning: snapshot) }
    }

    var count: Int { lock.withLock { published } }

    var now: ClusterSnapshot? { lock.withLock { latest } }

    /// The first snapshot from now on, or the newest so far, of which something holds.
    @discardableResult
    func wait(
        until isWanted: @escaping @Sendable (ClusterSnapshot) -> Bool
    ) async throws -> ClusterSnapshot {
        let number = lock.withLock {
            asked += 1
            return asked
        }
        let found = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (isOver, found) = lock.withLock { () -> (Bool, ClusterSnapshot?) in
                    if let latest, isWanted(latest) {
                        return (true, latest)
                    }
                    // The handler below may have run before anybody waited.
                    if Task.isCancelled {
                        return (true, nil)
                    }
                    waiting[number] = Waiter(isWanted: isWanted, wake: continuation)
                    return (false, nil)
                }
                if isOver {
                    continuation.resume(returning: found)
                }
            }
        } onCancel: {
            lock.withLock { waiting.removeValue(forKey: number) }?.wake.resume(returning: nil)
        }
        guard let found else {
            throw GaveUp(latest: now)
        }
        return found
    }
}

/// A session with its board, stopped at the end.
func withSession<Value>(
    _ settings: ClusterSettings,
    plugins: ExecPlugins = .shared,
    seed: UInt64 = 1,
    _ body: (ClusterSession, Board) async throws -> Value
) async throws -> Value {
    let board = Board()
    let session = ClusterSession(settings: settings, seed: seed, plugins: plugins) { board.post($0) }
    session.start()
    let result: Result<Value, any Error>
    do {
        result = .success(try await body(session, board))
    } catch {
        result = .failure(error)
    }
    await withCheckedContinuation { continuation in
        session.stop { continuation.resume() }
    }
    return try result.get()
}

extension ClusterSnapshot {
    /// True where every object of a list is there in that version or a newer one, and nothing else is.
    func equals(_ objects: [ObjectRef: FluxResource]) -> Bool {
        guard Set(resources.keys) == Set(objects.keys) else {
            return false
        }
        return objects.allSatisfy { ref, object in
            guard let shown = resources[ref], shown.uid == object.uid,
                let left = UInt64(shown.resourceVersion), let right = UInt64(object.resourceVersion)
            else {
                return false
            }
            return left > right || (left == right && shown == object)
        }
    }
}
