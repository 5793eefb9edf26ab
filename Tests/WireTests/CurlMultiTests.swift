import CCurl
import Dispatch
import Testing

@testable import Wire

struct CurlMultiTests {
    /// Often with the number of the socket that was closed a moment ago.
    @Test(arguments: [["[::1]", "127.0.0.1"], ["127.0.0.2", "127.0.0.1"]])
    func `a server with a dead address is reached, and watched, at the next`(addresses: [String]) async {
        let log = Log()
        let server = LoopbackServer { peer in
            _ = peer.readRequest()
            peer.beginChunks()
            peer.chunk("line\n")
            peer.waitForEnd()
            log.note("left")
        }
        let queue = DispatchQueue(label: "weir.test.multi")
        let name = "server.test:\(server.port)"
        let multi = QueueBound(
            CurlMulti(queue: queue, giveUp: .seconds(30)) { _ in log.note("ended") },
            on: queue
        )
        let easy: QueueBound<EasyHandle> = await withCheckedContinuation { continuation in
            queue.async {
                let easy = EasyHandle()
                easy.set(CURLOPT_URL, "http://\(name)/")
                easy.set(CURLOPT_PROXY, "")
                easy.set(CURLOPT_RESOLVE, list: ["\(name):\(addresses.joined(separator: ","))"])
                easy.set(CURLOPT_WRITEDATA, pointer: Unmanaged.passUnretained(log).toOpaque())
                CCurl_easy_set_bytes_callback(easy.pointer, CURLOPT_WRITEFUNCTION) {
                    _,
                    size,
                    count,
                    context in
                    context.map { Unmanaged<Log>.fromOpaque($0).takeUnretainedValue().note("body") }
                    return size * count
                }
                multi.value.add(easy)
                continuation.resume(returning: QueueBound(easy, on: queue))
            }
        }
        await log.reaches(1, of: "body")
        let open = await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: multi.value.openConnections) }
        }
        // A watch of the dead socket would not count.
        #expect(open == 1)
        await withCheckedContinuation { continuation in
            queue.async {
                multi.value.remove(easy.value)
                multi.value.close { continuation.resume() }
            }
        }
        await log.reaches(1, of: "left")
        #expect(log.entries == ["body", "left"])
    }
}
