import Chrono
import Kube
import KubeWire
import Wire

/// The three questions of a greeting, asked at once.
final class Greeting {
    var version: String?
    var groups: Discovery?
    var core: Discovery?
    /// What servers of the old form tell piece by piece.
    var parts = Discovery()
    var isOver = false
    /// Group versions of the old form that are still asked for.
    var outstanding = 0
    var transfers: [TransferID?] = []

    var discovery: Discovery? {
        guard let groups, let core, outstanding == 0 else {
            return nil
        }
        var whole = groups
        whole.merge(core)
        whole.merge(parts)
        return whole
    }
}

extension ClusterWorker {
    func perform(_ actions: [LinkMachine.Action]) {
        for action in actions where !isStopped {
            perform(action)
        }
    }

    private func perform(_ action: LinkMachine.Action) {
        switch action {
        case .loadCredentials(let renewing): loadCredentials(renewing: renewing)
        case .greet: greet()
        case .follow: follow()
        case .pause(let reason): pause(reason)
        case .showUnreachable(let reason):
            // Whatever broke, the connections of before are not to be trusted.
            line.dropConnections()
            show(.unreachable(reason, since: troubleSince))
        case .showRefused(let reason):
            show(hasBadConfiguration ? .misconfigured(reason) : .refused(reason, since: troubleSince))
        case .wait(let duration):
            alarms.set(linkAlarm, after: duration) { [unowned self] in
                perform(link.waited())
            }
        }
    }

    /// Since when the link is in trouble: from the first failure on, whatever its words.
    private var troubleSince: Timestamp {
        switch snapshot.link {
        case .unreachable(_, let since), .refused(_, let since): since
        case .connecting, .live, .withoutFlux, .misconfigured: Clock.now()
        }
    }

    func show(_ state: ClusterLink) {
        guard snapshot.link != state else {
            return
        }
        snapshot.link = state
        changed()
    }

    private func pause(_ reason: String) {
        cancelGreeting()
        alarms.cancel(discoveryAlarm)
        nextReconsideration = 0
        for kind in kinds.values {
            kind.followers.forEach { $0.linkLost(reason) }
        }
        eventFollowers.forEach { $0.linkLost(reason) }
        watchedKinds.values.forEach { $0.linkLost(reason) }
    }

    // MARK: - Credentials

    private func loadCredentials(renewing: Bool) {
        guard case .success(let access) = settings.access else {
            return
        }
        let loader = CredentialLoader(access: access, queue: queue, plugins: plugins)
        let rejected = renewing ? credentials?.plugin : nil
        loader.load(rejected: rejected) { [weak self] result in
            guard let self, !isStopped else {
                return
            }
            switch result {
            case .success(let loaded):
                hasBadConfiguration = false
                adopt(loaded)
                perform(link.credentialsLoaded())
            case .failure(let fault):
                hasBadConfiguration = fault.isConfiguration
                perform(link.credentialsFailed(fault.message))
            }
        }
    }

    private func adopt(_ loaded: LoadedCredentials) {
        credentials = loaded
        line.adopt(loaded)
        let end = loaded.end
        if snapshot.credentialsExpire != end?.moment {
            snapshot.credentialsExpire = end?.moment
            changed()
        }
        note(end.flatMap { ClusterWorker.warning($0, now: Clock.now()) }, on: .credentials)
        guard let expires = loaded.plugin?.expires else {
            return
        }
        // A token that runs out is replaced in time, so that no watch has to be refused first.
        let left = expires.since(Clock.now()) - .seconds(10)
        guard left > .seconds(20) else {
            return
        }
        alarms.set(tokenAlarm, after: left) { [unowned self] in
            reload(because: "the client certificate was renewed", rejected: credentials?.plugin)
        }
    }

    /// What nobody renews in time is worth a word a week before.
    private static func warning(_ end: CredentialEnd, now: Timestamp) -> String? {
        let left = end.moment.since(now)
        guard !end.isRenewed, left < .seconds(7 * 24 * 3600) else {
            return nil
        }
        let verb = left < .zero ? "ran out" : "runs out"
        return "the \(end.what) \(verb) on \(end.moment.day) at \(end.moment.clock) UTC"
    }

    /// A file that the credentials come from changed.
    func rereadFiles() {
        guard !isStopped else {
            return
        }
        guard link.isLive else {
            perform(link.hurried())
            return
        }
        reload(because: "the files of the credentials changed", rejected: nil)
    }

    /// Takes new credentials while all is well.
    private func reload(because reason: String, rejected: ExecCredential?) {
        guard case .success(let access) = settings.access, link.isLive else {
            return
        }
        let loader = CredentialLoader(access: access, queue: queue, plugins: plugins)
        loader.load(rejected: rejected) { [weak self] result in
            // Half-written files are read again with the change that completes them.
            guard let self, !isStopped, case .success(let loaded) = result else {
                return
            }
            guard link.isLive, loaded.connection != credentials?.connection else {
                adopt(loaded)
                return
            }
            // Another certificate means other connections, which is no reason to call the cluster lost.
            pause(reason)
            adopt(loaded)
            follow()
        }
    }

    /// Goes on over new connections, without calling the cluster lost before it turns out to be.
    func renewConnections(_ reason: String) {
        guard link.isLive else {
            line.dropConnections()
            return
        }
        pause(reason)
        line.dropConnections()
        follow()
    }

    // MARK: - Greeting

    private func greet() {
        cancelGreeting()
        let greeting = Greeting()
        self.greeting = greeting
        greet(greeting, .version) { greeting, answer in
            greeting.version = ServerVersion.decode(answer.body) ?? ""
        }
        greet(greeting, .groups()) { [unowned self] greeting, answer throws(KubeStatus) in
            groupsTag = answer.entityTag
            greeting.groups = try found(answer, for: greeting)
        }
        greet(greeting, .coreGroup) { [unowned self] greeting, answer throws(KubeStatus) in
            greeting.core = try found(answer, for: greeting)
        }
    }

    private func greet(
        _ greeting: Greeting,
        _ request: KubeRequest,
        read: @escaping (Greeting, KubeAnswer) throws(KubeStatus) -> Void
    ) {
        guard !greeting.isOver else {
            return
        }
        let id = line.collect(request) { [unowned self] result in
            guard !greeting.isOver, !isStopped else {
                return
            }
            switch result {
            case .success(let answer) where answer.isSuccess:
                do throws(KubeStatus) {
                    try read(greeting, answer)
                    conclude(greeting)
                } catch {
                    fail(greeting, error)
                }
            case .success(let answer): fail(greeting, answer.status)
            case .failure(let failure):
                cancelGreeting()
                perform(link.lost(failure.message))
            }
        }
        greeting.transfers.append(id)
    }

    private func fail(_ greeting: Greeting, _ status: KubeStatus) {
        cancelGreeting()
        if link.isLive {
            planDiscovery()
        }
        perform(link.greetingRefused(status))
    }

    private func cancelGreeting() {
        greeting?.isOver = true
        for case let id? in greeting?.transfers ?? [] {
            line.cancel(id)
        }
        greeting = nil
    }

    private func conclude(_ greeting: Greeting) {
        guard let version = greeting.version, let discovery = greeting.discovery else {
            return
        }
        greeting.isOver = true
        self.greeting = nil
        self.discovery = discovery
        snapshot.serverVersion = version.isEmpty ? nil : version
        link.accepted()
        // A look again at a server of the old form comes this way while all is well.
        if link.isLive {
            follow()
        } else {
            perform(link.greeted())
        }
    }

    /// Reads one half of discovery; where the server names groups only, they are asked for one by one.
    private func found(_ answer: KubeAnswer, for greeting: Greeting) throws(KubeStatus) -> Discovery {
        switch try Discovery.decode(answer.body) {
        case .resources(let discovery): return discovery
        case .names(let names):
            for name in names {
                ask(name, for: greeting)
            }
            return Discovery()
        }
    }

    private func ask(_ name: GroupVersionName, for greeting: Greeting) {
        greeting.outstanding += 1
        let id = line.collect(.resources(group: name.group, version: name.version)) { [unowned self] result in
            guard !greeting.isOver, !isStopped else {
                return
            }
            greeting.outstanding -= 1
            switch result {
            case .success(let answer):
                // One API whose backend is down does not make the others unknown.
                if answer.isSuccess, let part = try? Discovery.decode(answer.body, of: name) {
                    greeting.parts.merge(part)
                } else {
                    greeting.parts.markStale(name.group)
                }
                conclude(greeting)
            case .failure(let failure):
                cancelGreeting()
                perform(link.lost(failure.message))
            }
        }
        greeting.transfers.append(id)
    }

    // MARK: - Looking again

    /// Asks what is served now; cheap where nothing changed, as the server then says so in one line.
    func rediscover() {
        alarms.cancel(discoveryAlarm)
        guard link.isLive else {
            return
        }
        line.collect(.groups(entityTag: groupsTag)) { [unowned self] result in
            guard !isStopped, link.isLive else {
                return
            }
            switch result {
            case .success(let answer) where answer.code == 304:
                follow()
            case .success(let answer) where answer.isSuccess:
                groupsTag = answer.entityTag
                guard case .resources(var new)? = try? Discovery.decode(answer.body) else {
                    greet()
                    return
                }
                new.keep(group: "", of: discovery)
                discovery = new
                follow()
            case .success(let answer) where answer.status.isUnauthenticated:
                perform(link.unauthenticated(answer.status))
            case .success, .failure(.closed):
                planDiscovery()
            case .failure(let failure):
                perform(link.lost(failure.message))
            }
        }
    }

    /// Custom resources come and go rarely, so looking now and then is enough.
    func planDiscovery(soon: Bool = false) {
        // Where discovery is one answer with an ETag, looking costs next to nothing.
        let pause = groupsTag == nil ? 270.0...330.0 : 50.0...70.0
        let delay = soon ? goneBackoff.wait() : .seconds(Double.random(in: pause, using: &random))
        alarms.set(discoveryAlarm, after: delay) { [unowned self] in
            rediscover()
        }
    }
}
