package import Kube

/// Decides what to ask next to follow one kind: list, watch, resume, list again, wait, give up.
///
/// It holds no time, no socket and no objects. Inputs are facts, each answered with what is to be done, in
/// order; one transfer at most is under way, and `.cancel` ends it without a further fact.
/// - Source: Kubernetes API concepts, and the recorded traps: a resourceVersion of the future is silent, so
///   after every unclean end the version of the server is probed before the watch goes on.
package struct WatchMachine: Sendable {
    package enum Action: Hashable, Sendable {
        /// Send a page of the list: the first for nil.
        case list(page: String?)
        /// Send the smallest list, to learn which version the server is at.
        case probe
        case watch(from: String, seconds: Int)
        /// Drop the transfer under way.
        case cancel
        /// Forget the pages so far: a list begins.
        case beginList
        /// All pages are there: swap them in.
        case swapList
        /// Report `waited` after this long.
        case wait(Duration)
        case show(KindState)
        /// The kind is not served any more: look at discovery.
        case reportGone
        /// 401: report `credentialsRenewed` when there are new ones.
        case renewCredentials(KubeStatus)
        /// No connection: report `linkLost` and later `linkRestored` to all machines of the cluster.
        case reportLost(String)
    }

    private enum Step: Sendable {
        case list, probe, watch
        case page(String)
    }

    private enum State: Sendable {
        case idle
        case listing(page: String?)
        case probing
        case watching(hasAnswer: Bool)
        case waiting(Step)
        /// The link is down or the credentials are refused; where to go on afterwards follows from `version`.
        case paused
        /// Forbidden, gone or stopped.
        case over
    }

    private let sendsBookmarks: Bool
    private let patience: Duration
    private let silence: Duration
    private var state = State.idle
    /// Where to resume; nil before the first list is complete.
    private var version: String?
    private var listVersion: String?
    private var watchSeconds = 0
    private var backoff: Backoff
    private var random: SeededRandom
    private var shown: KindState?
    /// Lists begun without a good event since: from the second on they wait.
    private var relists = 0

    /// - Shape: kinds without bookmarks (core/v1 events) cannot be watched for silence.
    /// - Units: `patience` is how long the head of a watch's answer may take; `silence` how long nothing need come
    ///   after it, which must be longer than the minute between bookmarks.
    package init(
        sendsBookmarks: Bool = true,
        patience: Duration = .seconds(15),
        silence: Duration = .seconds(90),
        seed: UInt64
    ) {
        self.sendsBookmarks = sendsBookmarks
        self.patience = patience
        self.silence = silence
        backoff = Backoff(seed: seed)
        random = SeededRandom(seed: seed ^ 0x5741_5443)
    }

    /// How long the transfer under way may be silent before `silenceLasted` is to be reported.
    package var silenceLimit: Duration? {
        switch state {
        case .watching(hasAnswer: false): patience
        case .watching(hasAnswer: true):
            // Bookmarks come about once a minute; without them only the server's own end can be missed.
            sendsBookmarks ? silence : .seconds(watchSeconds + 15)
        case .idle, .listing, .probing, .waiting, .paused, .over: nil
        }
    }

    /// The version up to which everything is known; nil before the first list.
    var resumeVersion: String? { version }

    // MARK: - Facts

    package mutating func started() -> [Action] {
        show(.listing) + beginList()
    }

    package mutating func pageArrived(version: String, next: String?) -> [Action] {
        guard case .listing(let page) = state else {
            return []
        }
        if page == nil {
            listVersion = version
        }
        if let next {
            state = .listing(page: next)
            return [.list(page: next)]
        }
        self.version = listVersion
        listVersion = nil
        // The rows are true as of now, so they are shown so before the watch has answered.
        return [.swapList] + show(.watching) + beginWatch()
    }

    /// The head of a watch's answer is there, and it is a 200.
    package mutating func watchOpened() -> [Action] {
        guard case .watching = state else {
            return []
        }
        state = .watching(hasAnswer: true)
        return show(.watching)
    }

    /// An event or a bookmark moved the watch to a version.
    package mutating func versionReached(_ version: String) {
        guard case .watching = state, !version.isEmpty else {
            return
        }
        self.version = version
        state = .watching(hasAnswer: true)
        backoff.succeeded()
        relists = 0
    }

    /// The smallest list answered.
    ///
    /// - Shape: `recognised` is false where its object is known under another uid: another cluster's life.
    package mutating func probeAnswered(version answered: String, recognised: Bool) -> [Action] {
        guard case .probing = state, let version else {
            return []
        }
        guard recognised, !WatchMachine.isOlder(answered, than: version) else {
            return relist("the cluster was restored or rebuilt: reading everything again")
        }
        return beginWatch()
    }

    /// A request was answered with an error, or an ERROR line came through the watch.
    package mutating func refused(_ status: KubeStatus, inStream: Bool = false) -> [Action] {
        let prefix: [Action] = inStream ? [.cancel] : []
        if status.isExpired || status.isFromTheFuture {
            return prefix + relist("reading everything again: \(status.message)")
        }
        if status.isUnknownKind {
            state = .over
            return prefix + [.reportGone]
        }
        if status.isUnauthenticated {
            state = .paused
            return prefix + [.renewCredentials(status)]
        }
        if status.isForbidden || status.code == 405 {
            state = .over
            return prefix + show(.forbidden(status.message))
        }
        return prefix + retry(status)
    }

    /// The watch ended in good order after `lasted`.
    package mutating func streamEnded(after lasted: Duration) -> [Action] {
        guard case .watching = state, version != nil else {
            return []
        }
        guard lasted < .seconds(1) else {
            backoff.succeeded()
            return beginWatch()
        }
        // A server that ends every watch at once must not be asked in a circle.
        state = .waiting(.watch)
        return [.wait(backoff.wait())]
    }

    /// The connection broke while the watch was open.
    package mutating func streamBroke(_ reason: String) -> [Action] {
        guard case .watching = state else {
            return []
        }
        state = .waiting(.probe)
        return show(.stale(reason)) + [.wait(backoff.wait())]
    }

    /// A line of the watch, or a page, cannot be read.
    package mutating func garbled(_ reason: String) -> [Action] {
        state = .waiting(.list)
        return [.cancel] + show(.stale(reason)) + [.wait(backoff.wait())]
    }

    /// Nothing came for `silenceLimit`.
    package mutating func silenceLasted() -> [Action] {
        switch state {
        case .watching(hasAnswer: false):
            state = .paused
            return [.cancel, .reportLost("no answer within \(patience.components.seconds) s")]
        case .watching(hasAnswer: true):
            state = .probing
            return [.cancel] + show(.stale("the watch fell silent")) + [.probe]
        case .idle, .listing, .probing, .waiting, .paused, .over:
            return []
        }
    }

    /// A request got no answer at all.
    package mutating func requestFailed(_ reason: String) -> [Action] {
        if case .over = state {
            return []
        }
        state = .paused
        return [.reportLost(reason)]
    }

    package mutating func waited() -> [Action] {
        guard case .waiting(let step) = state else {
            return []
        }
        switch step {
        case .list: return beginList()
        case .page(let token):
            state = .listing(page: token)
            return [.list(page: token)]
        case .probe: return beginProbe()
        case .watch: return beginWatch()
        }
    }

    /// Somebody wants it tried now: what waits for a retry, or is forbidden, is asked again.
    package mutating func hurried() -> [Action] {
        switch state {
        case .waiting: waited()
        case .over: reconsidered()
        case .idle, .listing, .probing, .watching, .paused: []
        }
    }

    /// The cluster cannot be reached; whatever was under way is over.
    package mutating func linkLost(_ reason: String) -> [Action] {
        switch state {
        case .idle, .over: return []
        case .paused: return show(.stale(reason))
        case .listing, .probing, .watching, .waiting:
            state = .paused
            return [.cancel] + show(.stale(reason))
        }
    }

    /// The cluster answers again, or there are new credentials.
    package mutating func linkRestored() -> [Action] {
        guard case .paused = state else {
            return []
        }
        backoff.succeeded()
        return version == nil ? beginList() : beginProbe()
    }

    /// Rights may have changed: ask again what was forbidden.
    package mutating func reconsidered() -> [Action] {
        guard case .over = state, case .forbidden = shown else {
            return []
        }
        return beginList()
    }

    package mutating func stopped() -> [Action] {
        state = .over
        // Nothing that was forbidden is asked again for somebody who left.
        shown = nil
        return [.cancel]
    }

    // MARK: - Steps

    private mutating func beginList() -> [Action] {
        state = .listing(page: nil)
        listVersion = nil
        return [.beginList, .list(page: nil)]
    }

    private mutating func beginProbe() -> [Action] {
        state = .probing
        return [.probe]
    }

    private mutating func beginWatch() -> [Action] {
        guard let version else {
            return beginList()
        }
        state = .watching(hasAnswer: false)
        // Spread, so that the watches of a fleet do not all end in the same second.
        watchSeconds = Int.random(in: 290...590, using: &random)
        return [.watch(from: version, seconds: watchSeconds)]
    }

    private mutating func relist(_ reason: String) -> [Action] {
        relists += 1
        let change = show(.stale(reason))
        guard relists > 1 else {
            return change + beginList()
        }
        state = .waiting(.list)
        return change + [.wait(backoff.wait())]
    }

    private mutating func retry(_ status: KubeStatus) -> [Action] {
        let step: Step
        switch state {
        case .listing(let page):
            // A token the server does not take (400, 422) is worth nothing: begin again.
            if let page, status.code == 429 || status.code >= 500 {
                step = .page(page)
            } else {
                step = .list
            }
        case .probing: step = .probe
        case .watching:
            // A watch refused again and again although the server is well: its version is to blame.
            step = status.code == 429 || backoff.failures < 3 ? .watch : .list
        case .idle, .waiting, .paused, .over: return []
        }
        state = .waiting(step)
        return show(.stale(status.message)) + [.wait(backoff.wait(retryAfter: status.retryAfter))]
    }

    private mutating func show(_ new: KindState) -> [Action] {
        guard new != shown else {
            return []
        }
        shown = new
        return [.show(new)]
    }

    /// Versions are opaque, yet all known servers count them; what is no number is never called older.
    private static func isOlder(_ left: String, than right: String) -> Bool {
        guard let left = UInt64(left), let right = UInt64(right) else {
            return false
        }
        return left < right
    }
}
