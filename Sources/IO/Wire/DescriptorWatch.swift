import CPosix
import Dispatch

/// What a descriptor is ready for, or waited for.
///
/// The bits are libcurl's own: `CURL_POLL_…` and `CURL_CSELECT_…` agree in them.
struct SocketEvents: OptionSet {
    static let read = SocketEvents(rawValue: 1)
    static let write = SocketEvents(rawValue: 2)

    let rawValue: Int32
}

/// Tells when one of libcurl's descriptors can be read or written.
///
/// Dispatch must never watch a descriptor that was closed, or worse, closed and given out again: a source is
/// done with it only after its cancel handler ran. libcurl cannot wait for that. It lets others close most of
/// its sockets (`CURLOPT_CLOSESOCKETFUNCTION`), but closes by itself those that never got connected and the
/// pipe on which its resolver thread reports. So Dispatch watches a duplicate, which nobody else can close.
final class DescriptorWatch {
    private let duplicate: Duplicate
    private let queue: DispatchQueue
    private let ready: (SocketEvents) -> Void
    private var reading: (any DispatchSourceProtocol)?
    private var writing: (any DispatchSourceProtocol)?

    /// Prepares a watch that waits for nothing yet; nil when the process is out of descriptors.
    ///
    /// - Parameters:
    ///   - descriptor: watched in a duplicate; the caller may close it at any time.
    ///   - queue: where `ready` is called and the watch itself is used.
    ///   - ended: left when the duplicate is closed.
    ///   - ready: called again and again until libcurl took all there is.
    init?(
        of descriptor: Int32,
        queue: DispatchQueue,
        ended: DispatchGroup,
        ready: @escaping (SocketEvents) -> Void
    ) {
        guard let duplicate = Duplicate(of: descriptor, closed: ended) else { return nil }
        self.duplicate = duplicate
        self.queue = queue
        self.ready = ready
    }

    deinit { wait(for: []) }

    /// Whether the descriptor is a socket connected over a network.
    var isConnected: Bool { CPosix_is_connected(duplicate.descriptor) }

    /// Waits for these events and no others from now on; once it returned, no other event is told.
    func wait(for events: SocketEvents) {
        if !events.contains(.read) {
            reading?.cancel()
            reading = nil
        } else if reading == nil {
            reading = started(
                DispatchSource.makeReadSource(fileDescriptor: duplicate.descriptor, queue: queue),
                for: .read
            )
        }
        if !events.contains(.write) {
            writing?.cancel()
            writing = nil
        } else if writing == nil {
            writing = started(
                DispatchSource.makeWriteSource(fileDescriptor: duplicate.descriptor, queue: queue),
                for: .write
            )
        }
    }

    private func started(
        _ source: any DispatchSourceProtocol,
        for event: SocketEvents
    ) -> any DispatchSourceProtocol {
        source.setEventHandler { [ready] in ready(event) }
        // Dispatch lets go of this closure, and of the duplicate in it, after it ran.
        source.setCancelHandler { [duplicate] in withExtendedLifetime(duplicate) {} }
        source.activate()
        return source
    }
}

/// A descriptor of our own for what libcurl's descriptor refers to, closed when nobody holds it any more.
private final class Duplicate {
    let descriptor: Int32
    private let closed: DispatchGroup

    init?(of descriptor: Int32, closed: DispatchGroup) {
        let duplicate = CPosix_duplicate(descriptor)
        guard duplicate >= 0 else { return nil }
        self.descriptor = duplicate
        self.closed = closed
        closed.enter()
    }

    deinit {
        close(descriptor)
        closed.leave()
    }
}
