import CGit2
import Git

/// One connection to the remote of a mirror, open for the length of a job.
struct RemoteSession: ~Copyable {
    private let remote: OwnedHandle<RemoteKind>
    private let transfer: Transfer

    /// Connects; the handshake brings the remote's heads with it.
    static func open(
        _ direction: git_direction,
        of repository: borrowing Repository,
        for transfer: Transfer
    ) throws(MirrorTrouble) -> RemoteSession {
        let session = try RemoteSession(
            of: repository,
            for: transfer,
            isPush: direction == GIT_DIRECTION_PUSH
        )
        try session.connect(direction)
        return session
    }

    private init(
        of repository: borrowing Repository,
        for transfer: Transfer,
        isPush: Bool
    ) throws(MirrorTrouble) {
        let url = GitConfiguration().rewritten(transfer.settings.url, isPush: isPush)
        remote = try repository.with { (repository) throws(MirrorTrouble) in
            try OwnedHandle<RemoteKind>("Reading the address") { remote in
                var options = git_remote_create_options()
                git_remote_create_options_init(&options, UInt32(GIT_REMOTE_CREATE_OPTIONS_VERSION))
                options.repository = repository
                // libgit2 would match a pattern against every setting, and never lets go of what it needs
                // for those that do not match: 20 kB a setting and connection.
                options.flags = UInt32(GIT_REMOTE_CREATE_SKIP_INSTEADOF.rawValue)
                return git_remote_create_with_opts(remote, url, &options)
            }
        }
        self.transfer = transfer
    }

    private func connect(_ direction: git_direction) throws(MirrorTrouble) {
        let code = remote.read { remote in
            RemoteSession.withProxy { proxy in
                var callbacks = RemoteSession.callbacks(for: transfer)
                return git_remote_connect(remote, direction, &callbacks, &proxy, nil)
            }
        }
        guard code == 0 else {
            throw transfer.trouble(GitCallError(doing: "Connecting", code: code))
        }
        // The helper is told only of credentials that opened the door.
        transfer.credentials.approve(for: transfer)
    }

    deinit {
        remote.read { remote in
            _ = git_remote_disconnect(remote)
        }
    }

    /// What the remote says its refs are at, annotated tags peeled where it says so.
    func heads() throws(MirrorTrouble) -> [String: ObjectName] {
        var heads: UnsafeMutablePointer<UnsafePointer<git_remote_head>?>?
        var count = 0
        let code = remote.read { git_remote_ls(&heads, &count, $0) }
        guard code == 0 else {
            throw transfer.trouble(GitCallError(doing: "Reading the remote's heads", code: code))
        }
        var found: [String: ObjectName] = [:]
        for index in 0..<count {
            guard let head = heads?[index]?.pointee, let name = head.name else {
                continue
            }
            found[String(cString: name)] = ObjectName(head.oid)
        }
        return found
    }

    /// Brings the objects behind the refspecs; refs stay as they are until `updateRefs`.
    func download(_ refspecs: [String]) throws(MirrorTrouble) {
        let code = remote.read { remote in
            Refspecs.with(refspecs) { specs in
                var options = git_fetch_options()
                git_fetch_options_init(&options, UInt32(GIT_FETCH_OPTIONS_VERSION))
                options.callbacks = RemoteSession.callbacks(for: transfer)
                options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE
                options.update_fetchhead = 0
                options.proxy_opts.type = GIT_PROXY_AUTO
                return git_remote_download(remote, &specs, &options)
            }
        }
        guard code == 0 else {
            throw transfer.trouble(GitCallError(doing: "Fetching", code: code))
        }
    }

    /// Moves the mirror's refs to what was downloaded, and removes those that the remote no longer has.
    func updateRefs() throws(MirrorTrouble) {
        let code = remote.read { remote in
            var callbacks = RemoteSession.callbacks(for: transfer)
            // First, so that a branch `a` that became `a/b` makes room.
            let pruned = git_remote_prune(remote, &callbacks)
            guard pruned == 0 else {
                return pruned
            }
            return git_remote_update_tips(remote, &callbacks, 0, GIT_REMOTE_DOWNLOAD_TAGS_NONE, "fetch")
        }
        guard code == 0 else {
            throw GitCallError(doing: "Writing the mirror's refs", code: code).local
        }
    }

    /// Sends what a ref of the mirror names to one branch of the remote; `outcome` tells what the server did.
    func push(_ name: String, to ref: String, _ outcome: PushOutcome) throws(MirrorTrouble) {
        let code = remote.read { remote in
            Refspecs.with(["\(name):\(ref)"]) { specs in
                var options = git_push_options()
                git_push_options_init(&options, UInt32(GIT_PUSH_OPTIONS_VERSION))
                options.callbacks = RemoteSession.callbacks(for: transfer)
                options.proxy_opts.type = GIT_PROXY_AUTO
                options.callbacks.push_negotiation = { _, _, payload in
                    RemoteSession.transfer(payload)?.outcome?.hasBegun = true
                    return 0
                }
                options.callbacks.push_update_reference = { name, status, payload in
                    guard let name else {
                        return 0
                    }
                    RemoteSession.transfer(payload)?.outcome?.statuses[String(cString: name)] =
                        status.map { .refused(Redaction.clean(String(cString: $0), limit: 300)) } ?? .taken
                    return 0
                }
                transfer.outcome = outcome
                defer { transfer.outcome = nil }
                return git_remote_upload(remote, &specs, &options)
            }
        }
        guard code == 0 else {
            throw transfer.trouble(GitCallError(doing: "Pushing", code: code))
        }
    }

    private static func withProxy(_ body: (inout git_proxy_options) -> Int32) -> Int32 {
        var proxy = git_proxy_options()
        git_proxy_options_init(&proxy, UInt32(GIT_PROXY_OPTIONS_VERSION))
        proxy.type = GIT_PROXY_AUTO
        return body(&proxy)
    }

    /// The payload is the transfer, which outlives every call that these are given to.
    private static func callbacks(for transfer: Transfer) -> git_remote_callbacks {
        var callbacks = git_remote_callbacks()
        git_remote_init_callbacks(&callbacks, UInt32(GIT_REMOTE_CALLBACKS_VERSION))
        callbacks.payload = Unmanaged.passUnretained(transfer).toOpaque()
        callbacks.transport = { out, remote, _ in ExecTransport.make(out, remote) }
        callbacks.credentials = { out, url, user, allowed, payload in
            guard let transfer = RemoteSession.transfer(payload), let url else {
                return -1
            }
            return transfer.credentials.supply(
                out,
                url: String(cString: url),
                user: user.map { String(cString: $0) },
                allowed: allowed,
                for: transfer
            )
        }
        callbacks.transfer_progress = { _, payload in
            RemoteSession.transfer(payload)?.isCancelled == true ? GIT_EUSER.rawValue : 0
        }
        callbacks.sideband_progress = { text, count, payload in
            guard let transfer = RemoteSession.transfer(payload), let text else {
                return 0
            }
            transfer.remark(UnsafeRawBufferPointer(start: text, count: Int(count)))
            return transfer.isCancelled ? GIT_EUSER.rawValue : 0
        }
        return callbacks
    }

    private static func transfer(_ payload: UnsafeMutableRawPointer?) -> Transfer? {
        payload.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }
}

/// What became of a push, filled in by its callbacks.
final class PushOutcome {
    enum Status: Equatable {
        case taken
        case refused(String)
    }

    /// True from the moment when the server may have got the command.
    var hasBegun = false
    var statuses: [String: Status] = [:]
}

/// Refspecs as libgit2 takes them.
enum Refspecs {
    static func with(_ specs: [String], _ body: (inout git_strarray) -> Int32) -> Int32 {
        var words: [UnsafeMutablePointer<CChar>?] = specs.map { copy($0) }
        defer { words.forEach { $0?.deallocate() } }
        return words.withUnsafeMutableBufferPointer { buffer in
            var array = git_strarray(strings: buffer.baseAddress, count: buffer.count)
            return body(&array)
        }
    }

    private static func copy(_ text: String) -> UnsafeMutablePointer<CChar> {
        let bytes = text.utf8CString
        let start = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        bytes.withUnsafeBufferPointer { buffer in
            if let base = buffer.baseAddress {
                start.initialize(from: base, count: buffer.count)
            }
        }
        return start
    }

    /// The refspecs that mirror some refs, or every branch.
    static func mirroring(_ refs: Set<String>) -> [String] {
        refs.isEmpty ? ["+refs/heads/*:refs/heads/*"] : refs.sorted().map { "+\($0):\($0)" }
    }
}
