import CGit2
import Git

/// Git's own protocol over a child process: `ssh` for remote hosts, `git` for paths of this machine.
///
/// libgit2 speaks the protocol; the child only carries it. So the operator's `~/.ssh/config`, agent, jump hosts,
/// certificates and known_hosts hold as they do for `git`, and a path remote runs its hooks, which libgit2's local
/// transport leaves out. docs/decisions/0002-ssh-and-paths-by-child.md has the reasons.
final class ExecTransport {
    /// What libgit2 holds; owns `self` until libgit2 frees it.
    private let handle: UnsafeMutablePointer<CGit2_subtransport>
    private let transfer: Transfer
    private var child: ChildProcess?
    private var stream: UnsafeMutablePointer<CGit2_subtransport_stream>?
    private var hasRead = false

    private init(_ transfer: Transfer) {
        self.transfer = transfer
        handle = .allocate(capacity: 1)
        handle.initialize(to: CGit2_subtransport())
        handle.pointee.parent.action = { out, transport, url, service in
            guard let self = ExecTransport.owner(transport), let out, let url else {
                return -1
            }
            return self.act(out, url: String(cString: url), service: service)
        }
        handle.pointee.parent.close = { transport in
            ExecTransport.owner(transport)?.close()
            return 0
        }
        handle.pointee.parent.free = { transport in
            guard let self = ExecTransport.owner(transport) else {
                return
            }
            self.close()
            // Balances the retain of `make`; nothing of libgit2 refers to the transport any more.
            Unmanaged.passUnretained(self).release()
        }
    }

    deinit {
        handle.deinitialize(count: 1)
        handle.deallocate()
    }

    /// For `git_remote_callbacks.transport`: ours for ssh and paths, libgit2's own for everything else.
    static func make(
        _ out: UnsafeMutablePointer<UnsafeMutablePointer<git_transport>?>?,
        _ remote: OpaquePointer?
    ) -> Int32 {
        guard let url = git_remote_url(remote).map({ String(cString: $0) }) else {
            return -1
        }
        guard RemoteAddress(url) != nil else {
            return git_transport_new(out, remote, url)
        }
        // SAFETY: libgit2 copies what it needs from the definition during this call.
        var definition = git_smart_subtransport_definition(
            callback: { out, _, _ in
                guard let out, let transfer = Transfer.current else {
                    return -1
                }
                let transport = ExecTransport(transfer)
                transport.handle.pointee.context = Unmanaged.passRetained(transport).toOpaque()
                // The C struct begins with the struct that libgit2 wants.
                out.pointee = UnsafeMutableRawPointer(transport.handle).assumingMemoryBound(
                    to: git_smart_subtransport.self
                )
                return 0
            },
            rpc: 0,
            param: nil
        )
        return git_transport_smart(out, remote, &definition)
    }

    private static func owner(_ transport: UnsafeMutablePointer<git_smart_subtransport>?) -> ExecTransport? {
        guard let transport else {
            return nil
        }
        // SAFETY: only `make` gives this callback table to libgit2, always at the start of a `CGit2_subtransport`.
        let handle = UnsafeMutableRawPointer(transport).assumingMemoryBound(to: CGit2_subtransport.self)
        return handle.pointee.context.map { Unmanaged<ExecTransport>.fromOpaque($0).takeUnretainedValue() }
    }

    private func act(
        _ out: UnsafeMutablePointer<UnsafeMutablePointer<git_smart_subtransport_stream>?>,
        url: String,
        service: git_smart_service_t
    ) -> Int32 {
        if service == GIT_SERVICE_UPLOADPACK_LS || service == GIT_SERVICE_RECEIVEPACK_LS {
            close()
            let program = service == GIT_SERVICE_UPLOADPACK_LS ? "upload-pack" : "receive-pack"
            do throws(MirrorTrouble) {
                guard let address = RemoteAddress(url) else {
                    return refuse("the address is neither ssh nor a path")
                }
                let command = try address.command(for: program, transfer.settings, canAsk: transfer.canAsk)
                child = try ChildProcess(command, environment: transfer.childEnvironment)
            } catch {
                transfer.fail(error.failure.cause, error.failure.message)
                return refuse(error.failure.message)
            }
            stream = makeStream()
        }
        guard let stream else {
            return refuse("the connection is closed")
        }
        out.pointee = UnsafeMutableRawPointer(stream).assumingMemoryBound(
            to: git_smart_subtransport_stream.self
        )
        return 0
    }

    private func makeStream() -> UnsafeMutablePointer<CGit2_subtransport_stream> {
        let stream = UnsafeMutablePointer<CGit2_subtransport_stream>.allocate(capacity: 1)
        stream.initialize(to: CGit2_subtransport_stream())
        stream.pointee.parent.subtransport = UnsafeMutableRawPointer(handle)
            .assumingMemoryBound(to: git_smart_subtransport.self)
        stream.pointee.context = Unmanaged.passUnretained(self).toOpaque()
        stream.pointee.parent.read = { stream, buffer, size, count in
            guard let self = ExecTransport.owner(stream?.pointee.subtransport), let buffer, let count else {
                return -1
            }
            return self.read(UnsafeMutableRawBufferPointer(start: buffer, count: size), count)
        }
        stream.pointee.parent.write = { stream, buffer, size in
            guard let self = ExecTransport.owner(stream?.pointee.subtransport) else {
                return -1
            }
            return self.write(UnsafeRawBufferPointer(start: buffer, count: size))
        }
        stream.pointee.parent.free = { stream in
            guard let stream else {
                return
            }
            ExecTransport.owner(stream.pointee.subtransport)?.forget(stream)
            let whole = UnsafeMutableRawPointer(stream).assumingMemoryBound(
                to: CGit2_subtransport_stream.self
            )
            whole.deinitialize(count: 1)
            whole.deallocate()
        }
        return stream
    }

    private func forget(_ freed: UnsafeMutablePointer<git_smart_subtransport_stream>) {
        if Int(bitPattern: stream) == Int(bitPattern: freed) {
            self.stream = nil
        }
        close()
    }

    private func read(_ buffer: UnsafeMutableRawBufferPointer, _ count: UnsafeMutablePointer<Int>) -> Int32 {
        guard let child, let read = child.read(buffer, for: transfer) else {
            return refuse("the remote is silent")
        }
        count.pointee = read
        if read == 0 {
            explainEnd()
        }
        hasRead = hasRead || read > 0
        return 0
    }

    private func write(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        guard let child, child.write(bytes, for: transfer) else {
            explainEnd()
            return refuse("the connection was closed")
        }
        return 0
    }

    /// The child ended before it should: its last words say why.
    private func explainEnd() {
        guard let child else {
            return
        }
        let code = child.end(patience: 2_000)
        let words = String(decoding: child.complaints, as: UTF8.self)
        if let failure = ChildComplaint(words, code: code).failure(
            for: transfer.settings.shownURL,
            hasRead: hasRead,
            host: { RemoteAddress(transfer.settings.url).flatMap { SSHHost.resolve($0, transfer.settings) } }
        ) {
            transfer.fail(failure.cause, failure.message)
        }
    }

    private func close() {
        // The far side may still be running its last hook: it is given a little time before it is cut.
        child?.end(patience: transfer.isCancelled || transfer.failure != nil ? 0 : 5_000)
        child = nil
    }

    private func refuse(_ message: String) -> Int32 {
        git_error_set_str(Int32(GIT_ERROR_NET.rawValue), message)
        return -1
    }
}
