import Kube
import KubeWire
import Wire

/// Follows the log of the controller that reconciles one object: what it writes about that object.
///
/// - Thread: the session's queue. Its owner keeps it, and stops it before letting go of it.
final class LogFollower {
    /// Where Flux's controllers live unless somebody moved them.
    private static let namespace = "flux-system"
    /// Lines of the past that are looked through.
    private static let tail = 2_000
    /// Replicas of one controller that are followed.
    private static let podLimit = 4
    private static let longestLine = 1 << 20

    private let ref: ObjectRef
    private let line: ClusterLine
    private let tell: @Sendable (LogNews) -> Void
    private var transfers: [TransferID?] = []
    private var open = 0
    private var isStopped = false

    init(_ ref: ObjectRef, line: ClusterLine, tell: @escaping @Sendable (LogNews) -> Void) {
        self.ref = ref
        self.line = line
        self.tell = tell
    }

    func start() {
        guard let controller = FluxKind.of(group: ref.group, kind: ref.kind)?.controller else {
            end("no controller writes a log about a \(ref.kind)")
            return
        }
        let request = KubeRequest.list(
            .pods,
            namespace: LogFollower.namespace,
            labelSelector: controller.selector,
            metadataOnly: true
        )
        let reader = AnswerReader<ObjectMetadata>(cluster: ref.cluster)
        transfers = [
            line.collect(request) { [weak self] result in
                guard let self, !isStopped else {
                    return
                }
                switch result {
                case .success(let answer) where answer.isSuccess:
                    let pods = (try? reader.page(answer.body))?.items.map(\.name) ?? []
                    follow(pods.sorted(), of: controller.name)
                case .success(let answer): end(answer.status.message)
                case .failure(let failure): end(failure.message)
                }
            }
        ]
    }

    /// Nothing is told any more.
    func stop() {
        isStopped = true
        for transfer in transfers.compactMap(\.self) {
            line.cancel(transfer)
        }
        transfers = []
    }

    private func end(_ reason: String) {
        guard !isStopped else {
            return
        }
        tell(.ended(reason))
    }

    private func follow(_ pods: [String], of controller: String) {
        guard !pods.isEmpty else {
            end("\(LogFollower.namespace) has no pod of \(controller)")
            return
        }
        // Said even where nothing is found: the log was read.
        tell(.lines([]))
        let followed = pods.prefix(LogFollower.podLimit)
        open = followed.count
        transfers = followed.map { follow($0) }
    }

    private func follow(_ pod: String) -> TransferID? {
        var splitter = LineSplitter(limit: LogFollower.longestLine)
        var head: ResponseHead?
        var refusal: [UInt8] = []
        let listener = StreamListener(
            onHead: { head = $0 },
            onBody: { [weak self] bytes in
                guard let self, !isStopped else {
                    return
                }
                guard head?.status == 200 else {
                    if refusal.count < 1 << 16 {
                        refusal.append(contentsOf: bytes)
                    }
                    return
                }
                guard let lines = try? splitter.append(bytes) else {
                    splitter = LineSplitter(limit: LogFollower.longestLine)
                    return
                }
                read(lines)
            },
            onEnd: { [weak self] result in
                guard let self else {
                    return
                }
                switch (result, head) {
                case (.success, let head?) where head.status == 200: closed("\(pod) ended its log")
                case (.success, let head?): closed(KubeAnswer(head, body: refusal).status.message)
                case (.success, nil): closed("the answer had no head")
                case (.failure(let failure), _): closed(failure.message)
                }
            }
        )
        return line.stream(
            .log(
                namespace: LogFollower.namespace,
                pod: pod,
                container: "manager",
                tail: LogFollower.tail
            ),
            listener: listener
        )
    }

    /// One of the logs ended; the last one to end says why.
    private func closed(_ reason: String) {
        open -= 1
        if open == 0 {
            end(reason)
        }
    }

    private func read(_ lines: [[UInt8]]) {
        // Texts of logs hardly repeat: they are not kept from one chunk to the next.
        let context = FluxDecoding(cluster: ref.cluster)
        let told = lines.compactMap { bytes in
            context.root(bytes).flatMap { LogLine($0, about: ref) }
        }
        if !told.isEmpty {
            tell(.lines(told))
        }
    }
}
