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
    private var waiting:
        [(isWanted: @Sendable (ClusterSnapshot) -> Bool, wake: CheckedContinuation<ClusterSnapshot, Never>)] =
            []

    func post(_ snapshot: ClusterSnapshot) {
        let woken = lock.withLock {
            latest = snapshot
            published += 1
            let woken = waiting.filter { $0.isWanted(snapshot) }
            waiting.removeAll { $0.isWanted(snapshot) }
            return woken
        }
        woken.forEach { $0.wake.resume(returning: snapshot) }
    }

    var count: Int { lock.withLock { published } }

    var now: ClusterSnapshot? { lock.withLock { latest } }

    /// The first snapshot from now on, or the newest so far, of which something holds.
    @discardableResult
    func wait(until isWanted: @escaping @Sendable (ClusterSnapshot) -> Bool) async -> ClusterSnapshot {
        await withCheckedContinuation { continuation in
            let found = lock.withLock { () -> ClusterSnapshot? in
                if let latest, isWanted(latest) {
                    return latest
                }
                waiting.append((isWanted, continuation))
                return nil
            }
            if let found {
                continuation.resume(returning: found)
            }
        }
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
