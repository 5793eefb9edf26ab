import Kube
import KubeWire

extension ClusterWorker {
    /// Follows the log about one object in place of the one before.
    func followLog(_ ref: ObjectRef, tell: @escaping @Sendable (LogNews) -> Void) {
        stopLog()
        guard link.isLive else {
            tell(.ended(snapshot.link.problem ?? "not connected to the cluster"))
            return
        }
        let follower = LogFollower(ref, line: line, tell: tell)
        logFollower = follower
        follower.start()
    }

    func stopLog() {
        logFollower?.stop()
        logFollower = nil
    }
}
