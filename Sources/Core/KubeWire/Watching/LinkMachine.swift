/// Decides how a session gets in touch with its cluster, loses it and finds it again.
///
/// - Shape: as `WatchMachine`: facts in, actions out, neither time nor sockets inside.
package struct LinkMachine: Sendable {
    package enum Action: Hashable, Sendable {
        /// Get credentials, new ones where `renewing`; report `credentialsLoaded` or `credentialsFailed`.
        case loadCredentials(renewing: Bool)
        /// Ask for version and discovery; report `greeted`, `greetingRefused` or `lost`.
        case greet
        /// All is well: start what is new, resume what was paused.
        case follow
        /// Stop all transfers; the reason is shown.
        case pause(String)
        case showUnreachable(String)
        case showRefused(String)
        /// Report `waited` after this long.
        case wait(Duration)
    }

    private enum State: Sendable {
        case idle, loading, greeting, live, waiting, stopped
    }

    private var state = State.idle
    private var backoff: Backoff
    private var refusals: Backoff
    /// True from a renewal of the credentials until something was answered with them.
    private var hasRenewed = false

    package init(seed: UInt64) {
        backoff = Backoff(seed: seed)
        refusals = Backoff(first: .seconds(30), longest: .seconds(300), seed: seed ^ 0x4C49_4E4B)
    }

    package var isLive: Bool { state == .live }

    // MARK: - Facts

    package mutating func started() -> [Action] {
        guard state == .idle else {
            return []
        }
        state = .loading
        return [.loadCredentials(renewing: false)]
    }

    package mutating func credentialsLoaded() -> [Action] {
        guard state == .loading else {
            return []
        }
        state = .greeting
        return [.greet]
    }

    /// No credentials are to be had at this moment.
    package mutating func credentialsFailed(_ reason: String) -> [Action] {
        guard state == .loading else {
            return []
        }
        state = .waiting
        return [.pause(reason), .showRefused(reason), .wait(refusals.wait())]
    }

    package mutating func greeted() -> [Action] {
        guard state == .greeting else {
            return []
        }
        state = .live
        backoff.succeeded()
        return [.follow]
    }

    /// The server answers the greeting, but not with what was asked for.
    package mutating func greetingRefused(_ status: KubeStatus) -> [Action] {
        guard state == .greeting else {
            return []
        }
        if status.isUnauthenticated {
            return renewOrRefuse(status)
        }
        state = .waiting
        if status.isForbidden {
            return [.pause(status.message), .showRefused(status.message), .wait(refusals.wait())]
        }
        let wait = backoff.wait(retryAfter: status.retryAfter)
        return [.pause(status.message), .showUnreachable(status.message), .wait(wait)]
    }

    /// A request of whomever found the credentials refused.
    package mutating func unauthenticated(_ status: KubeStatus) -> [Action] {
        guard state == .live else {
            return []
        }
        return renewOrRefuse(status)
    }

    /// Something was answered that asked for credentials: they are good.
    package mutating func accepted() {
        hasRenewed = false
        refusals.succeeded()
    }

    /// A request got no answer: the connection is gone.
    package mutating func lost(_ reason: String) -> [Action] {
        guard state == .live || state == .greeting else {
            return []
        }
        state = .waiting
        return [.pause(reason), .showUnreachable(reason), .wait(backoff.wait())]
    }

    package mutating func waited() -> [Action] {
        guard state == .waiting else {
            return []
        }
        state = .loading
        return [.loadCredentials(renewing: hasRenewed)]
    }

    /// Somebody wants it tried now.
    package mutating func hurried() -> [Action] {
        waited()
    }

    package mutating func stopped() {
        state = .stopped
    }

    private mutating func renewOrRefuse(_ status: KubeStatus) -> [Action] {
        guard hasRenewed else {
            hasRenewed = true
            state = .loading
            return [.pause(status.message), .loadCredentials(renewing: true)]
        }
        state = .waiting
        let reason = "the cluster does not accept the credentials: \(status.message)"
        return [.pause(reason), .showRefused(reason), .wait(refusals.wait(retryAfter: status.retryAfter))]
    }
}
