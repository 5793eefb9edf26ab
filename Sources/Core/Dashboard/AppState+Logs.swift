import Chrono
import Kube

// The log of a resource's controller: followed while its tab is open, and no longer.
extension AppState {
    /// Follows the log that is looked at, and no other.
    mutating func neededLog() -> [Effect] {
        var wanted: ObjectRef?
        if case .resource(let ref) = screen, resource?.tab == .logs {
            wanted = ref
            resource?.log.fit(columns: columns)
            showTail()
        }
        guard wanted != followedLog else {
            return []
        }
        var effects: [Effect] = followedLog.map { [.stopLog($0.cluster)] } ?? []
        followedLog = wanted
        stopAwaiting(.controllerLog)
        if let wanted {
            effects.append(.followLog(wanted, ask(.controllerLog)))
        }
        return effects
    }

    mutating func takeLog(_ news: LogNews) {
        resource?.log.take(news)
    }

    /// Begins anew: the pods may be others by now.
    mutating func followAgain() -> [Effect] {
        let followed = followedLog
        followedLog = nil
        resource?.log = ResourceLog()
        return followed.map { [.stopLog($0.cluster)] } ?? []
    }

    mutating func scrollLog(_ motion: Motion) {
        let end = lastLogTop
        let wanted = motion.target(from: resource?.scroll ?? 0, count: end + 1, height: listHeight)
        resource?.scroll = min(max(0, wanted), end)
        resource?.log.isTailing = wanted >= end
    }

    private mutating func showTail() {
        if resource?.log.isTailing == true {
            let top = lastLogTop
            resource?.scroll = top
        }
    }

    /// The first row in view when the last one is.
    private var lastLogTop: Int {
        let rows = (resource?.log.rows.count ?? 0) + (resource?.log.ending == nil ? 0 : 1)
        return max(0, rows - listHeight)
    }
}
