import Kube
import KubeWire
import Wire

/// Follows one kind in one scope: performs what its `WatchMachine` decides, and hands changes on.
///
/// - Thread: the session's queue. Its owner keeps it, and stops it before letting go of it.
final class Follower<Item: WatchedObject> {
    /// What is followed.
    struct Scope: Hashable {
        let resource: ServedResource
        /// Nil for all namespaces.
        var namespace: String?
        var labelSelector: String?
        var metadataOnly = false
        var readsOwnership = false
        var sendsBookmarks = true
    }

    /// What the owner does with the news.
    struct Hooks {
        /// The objects of this scope that the table holds.
        var known: () -> [Item.ID]
        /// Whether a sample of the server is not known under another uid.
        var recognises: (ObjectMetadata) -> Bool
        /// Changes in order; `isWhole` where they complete a list.
        var apply: (_ changes: [Reflector<Item>.Change], _ isWhole: Bool) -> Void
        var show: (KindState) -> Void
        var gone: () -> Void
        var unauthenticated: (KubeStatus) -> Void
        var lost: (String) -> Void
    }

    let scope: Scope
    private let line: ClusterLine
    private let alarms: Alarms
    private let reader: AnswerReader<Item>
    private let metadataReader: AnswerReader<ObjectMetadata>
    private let hooks: Hooks
    private var machine: WatchMachine
    private var reflector = Reflector<Item>()
    private var splitter = LineSplitter()
    private var transfer: TransferID?
    /// Counts transfers: what an earlier one still says is not listened to.
    private var ticket = 0
    private let retryAlarm: Alarms.ID
    private let silenceAlarm: Alarms.ID
    /// What the alarm of silence counts for.
    private var awaited: (ticket: Int, limit: Duration)?

    init(
        _ scope: Scope,
        kind: FluxKind?,
        line: ClusterLine,
        alarms: Alarms,
        settings: ClusterSettings,
        seed: UInt64,
        hooks: Hooks
    ) {
        self.scope = scope
        self.line = line
        self.alarms = alarms
        self.hooks = hooks
        reader = AnswerReader(
            cluster: settings.id,
            kind: kind,
            version: scope.resource.version,
            readsOwnership: scope.readsOwnership
        )
        metadataReader = AnswerReader(cluster: settings.id)
        machine = WatchMachine(
            sendsBookmarks: scope.sendsBookmarks,
            patience: settings.requestTimeout,
            silence: settings.silenceLimit,
            seed: seed
        )
        retryAlarm = alarms.newID()
        silenceAlarm = alarms.newID()
    }

    func start() { perform(machine.started()) }

    func linkLost(_ reason: String) { perform(machine.linkLost(reason)) }

    func linkRestored() { perform(machine.linkRestored()) }

    /// Asks again at once where it waits for a retry, or where the kind was forbidden.
    func hurry() { perform(machine.hurried()) }

    /// Asks again where the kind was forbidden.
    func reconsider() { perform(machine.reconsidered()) }

    func stop() { perform(machine.stopped()) }

    // MARK: - Performing

    private func perform(_ actions: [WatchMachine.Action]) {
        for action in actions {
            perform(action)
        }
        watchSilence()
    }

    private func perform(_ action: WatchMachine.Action) {
        switch action {
        case .list(let page): sendList(page)
        case .probe: sendProbe()
        case .watch(let version, let seconds): openWatch(from: version, seconds: seconds)
        case .cancel: cancel()
        case .beginList: reflector.listBegan()
        case .swapList: hooks.apply(reflector.listCompleted(known: hooks.known()), true)
        case .wait(let duration):
            alarms.set(retryAlarm, after: duration) { [weak self] in
                guard let self else {
                    return
                }
                perform(machine.waited())
            }
        case .show(let state): hooks.show(state)
        case .reportGone: hooks.gone()
        case .renewCredentials(let status): hooks.unauthenticated(status)
        case .reportLost(let reason): hooks.lost(reason)
        }
    }

    private func cancel() {
        ticket += 1
        alarms.cancel(retryAlarm)
        if let transfer {
            line.cancel(transfer)
            self.transfer = nil
        }
    }

    /// Begins to count when there is something new to wait for; what else is asked meanwhile breaks no silence.
    private func watchSilence() {
        guard let limit = machine.silenceLimit else {
            awaited = nil
            alarms.cancel(silenceAlarm)
            return
        }
        guard awaited?.ticket != ticket || awaited?.limit != limit else {
            return
        }
        awaited = (ticket, limit)
        alarms.set(silenceAlarm, after: limit) { [weak self] in
            guard let self else {
                return
            }
            awaited = nil
            perform(machine.silenceLasted())
        }
    }

    // MARK: - Lists

    private func sendList(_ page: String?) {
        let request = KubeRequest.list(
            scope.resource,
            namespace: scope.namespace,
            labelSelector: scope.labelSelector,
            metadataOnly: scope.metadataOnly,
            page: page
        )
        // A page may be half a megabyte on a slow line.
        ask(request, patience: 2) { [self] answer in
            do throws(KubeStatus) {
                let page = try reader.page(answer.body)
                reflector.pageArrived(page.items)
                perform(machine.pageArrived(version: page.resourceVersion, next: page.next))
            } catch {
                perform(machine.garbled(error.message))
            }
        }
    }

    private func sendProbe() {
        let request = KubeRequest.probe(
            scope.resource,
            namespace: scope.namespace,
            labelSelector: scope.labelSelector
        )
        ask(request) { [self] answer in
            do throws(KubeStatus) {
                let page = try metadataReader.page(answer.body)
                let isRecognised = page.items.allSatisfy { hooks.recognises($0) }
                perform(machine.probeAnswered(version: page.resourceVersion, recognised: isRecognised))
            } catch {
                perform(machine.garbled(error.message))
            }
        }
    }

    private func ask(_ request: KubeRequest, patience: Int = 1, then: @escaping (KubeAnswer) -> Void) {
        cancel()
        let ticket = ticket
        let id = line.collect(request, patience: patience) { [weak self] result in
            guard let self, self.ticket == ticket else {
                return
            }
            transfer = nil
            switch result {
            case .success(let answer) where answer.isSuccess: then(answer)
            case .success(let answer): perform(machine.refused(answer.status))
            case .failure(let failure): perform(machine.requestFailed(failure.message))
            }
        }
        if self.ticket == ticket {
            transfer = id
        }
    }

    // MARK: - Watches

    /// The answer to a watch as it comes.
    private final class Opening {
        var head: ResponseHead?
        /// The body of an answer that is no stream.
        var refusal: [UInt8] = []
        let began = Clock.uptime()

        var isStream: Bool { head?.status == 200 }
    }

    private func openWatch(from version: String, seconds: Int) {
        cancel()
        let ticket = ticket
        splitter = LineSplitter()
        let opening = Opening()
        let request = KubeRequest.watch(
            scope.resource,
            namespace: scope.namespace,
            labelSelector: scope.labelSelector,
            metadataOnly: scope.metadataOnly,
            from: version,
            seconds: seconds
        )
        func isCurrent() -> Bool { self.ticket == ticket }
        let listener = StreamListener(
            onHead: { [weak self] head in
                guard let self, self.ticket == ticket else {
                    return
                }
                opening.head = head
                if opening.isStream {
                    perform(machine.watchOpened())
                }
            },
            onBody: { [weak self] bytes in
                guard let self, self.ticket == ticket else {
                    return
                }
                if opening.isStream {
                    read(bytes)
                } else if opening.refusal.count < 1 << 20 {
                    opening.refusal.append(contentsOf: bytes)
                }
            },
            onEnd: { [weak self] result in
                guard let self, self.ticket == ticket else {
                    return
                }
                transfer = nil
                ended(opening, result)
            }
        )
        let id = line.stream(request, listener: listener)
        if isCurrent() {
            transfer = id
        }
    }

    private func read(_ bytes: UnsafeRawBufferPointer) {
        do {
            var changes: [Reflector<Item>.Change] = []
            for line in try splitter.append(bytes) {
                let event = try reader.event(line)
                switch event {
                case .changed(let item), .removed(let item): machine.versionReached(item.resourceVersion)
                case .bookmark(let version): machine.versionReached(version)
                case .error(let status):
                    hooks.apply(changes, false)
                    perform(machine.refused(status, inStream: true))
                    return
                }
                if let change = reflector.change(for: event) {
                    changes.append(change)
                }
            }
            if let limit = machine.silenceLimit {
                alarms.putOff(silenceAlarm, to: limit)
            }
            hooks.apply(changes, false)
        } catch {
            let words = (error as? KubeStatus)?.message ?? "the watch sent a line beyond all measure"
            perform(machine.garbled(words))
        }
    }

    private func ended(_ opening: Opening, _ result: Result<Void, LineFailure>) {
        switch (result, opening.head) {
        case (.success, let head?) where head.status == 200:
            let lasted = Duration.nanoseconds(Int64(Clock.uptime() - opening.began))
            perform(machine.streamEnded(after: lasted))
        case (.success, let head?):
            perform(machine.refused(KubeAnswer(head, body: opening.refusal).status))
        case (.success, nil):
            perform(machine.requestFailed("the answer had no head"))
        case (.failure(let failure), _) where opening.isStream:
            perform(machine.streamBroke(failure.message))
        case (.failure(let failure), _):
            perform(machine.requestFailed(failure.message))
        }
    }
}
