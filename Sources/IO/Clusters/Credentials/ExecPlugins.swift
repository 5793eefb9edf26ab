import Chrono
import Dispatch
package import KubeWire
import Text
import Wire

/// Runs exec plugins for all sessions: equal plugins once, few at a time, each with a time limit.
///
/// - Thread: callable from anywhere; completions are called on a queue of its own.
package final class ExecPlugins: Sendable {
    /// What one run of a plugin gives: standard output, or a fault.
    package typealias Run = @Sendable (ExecSpec, _ info: String) -> Result<[UInt8], ExecFault>

    private struct Key: Hashable, Sendable {
        let spec: ExecSpec
        let authority: Secret?
    }

    private typealias Completion = @Sendable (Result<ExecCredential, ExecFault>) -> Void

    private struct State {
        var cache: [Key: ExecCredential] = [:]
        var waiting: [Key: [Completion]] = [:]
    }

    private let queue = DispatchQueue(label: "weir.plugins")
    private let state: QueueBound<State>
    /// Runs block their thread, hence a queue for them with a gate in front.
    private let runners: OperationGate
    private let run: Run

    /// Makes a runner that lets `limit` plugins run at the same time.
    package init(limit: Int = 4, run: @escaping Run) {
        state = QueueBound(State(), on: queue)
        runners = OperationGate(limit: limit, queue: queue)
        self.run = run
    }

    /// Those that start real programs, with the time limit of a minute.
    package static let shared = ExecPlugins { spec, info in
        runProcess(spec, info: info, limit: .seconds(60))
    }

    /// Runs the program itself, without a terminal; blocks the calling thread until it ended.
    package static func runProcess(
        _ spec: ExecSpec,
        info: String,
        limit: Duration
    ) -> Result<[UInt8], ExecFault> {
        PluginProcess.run(spec, info: info, limit: limit)
    }

    /// Gives credentials from the cache, or from a run that others may be waiting for as well.
    ///
    /// - Shape: expired ones and `rejected` itself are never taken from the cache.
    package func credential(
        for spec: ExecSpec,
        authority: Secret?,
        rejected: ExecCredential?,
        completion: @escaping @Sendable (Result<ExecCredential, ExecFault>) -> Void
    ) {
        queue.async { [self] in
            let key = Key(spec: spec, authority: authority)
            if let cached = state.value.cache[key], cached != rejected, !cached.isExpired(at: Clock.now()) {
                completion(.success(cached))
                return
            }
            guard spec.interaction != .always else {
                completion(.failure(.wantsTerminal(spec)))
                return
            }
            let isFirst = state.value.waiting[key] == nil
            state.value.waiting[key, default: []].append(completion)
            if isFirst {
                start(key)
            }
        }
    }

    /// Runs the plugin of a cluster on the terminal of this process and keeps what it gives for all who share it.
    ///
    /// - Thread: blocks the calling one until the plugin ended, for as long as somebody types. No screen may be up.
    /// - Shape: nil where all went well or where the cluster has no plugin that insists on a terminal.
    package func runOnTerminal(for access: ClusterAccess) -> ExecFault? {
        guard access.server.isSecure, let spec = access.credentials.exec, spec.interaction == .always else {
            return nil
        }
        var authority: Secret?
        if spec.cluster != nil, let source = access.authority {
            do throws(CredentialFault) {
                let pem = try PEMFile.bytes(source, key: "certificate-authority", label: "CERTIFICATE")
                authority = Secret(String(decoding: pem, as: UTF8.self))
            } catch {
                return ExecFault(error.message)
            }
        }
        let info = spec.info(authority: authority, isInteractive: true)
        switch PluginProcess.runOnTerminal(spec, info: info) {
        case .failure(let fault): return fault
        case .success(let output):
            do throws(ExecFault) {
                let credential = try ExecCredential.parse(output, for: spec)
                let key = Key(spec: spec, authority: authority)
                queue.sync { state.value.cache[key] = credential }
                return nil
            } catch {
                return error
            }
        }
    }

    private func start(_ key: Key) {
        let info = key.spec.info(authority: key.authority)
        runners.run { [run] in
            run(key.spec, info).flatMap { output in
                do throws(ExecFault) {
                    return .success(try ExecCredential.parse(output, for: key.spec))
                } catch {
                    return .failure(error)
                }
            }
        } then: { [self] (result: Result<ExecCredential, ExecFault>) in
            if case .success(let credential) = result {
                state.value.cache[key] = credential
            }
            for completion in state.value.waiting.removeValue(forKey: key) ?? [] {
                completion(result)
            }
        }
    }
}

extension ExecCredential {
    fileprivate func isExpired(at now: Timestamp) -> Bool {
        expires.map { $0 <= now } ?? false
    }
}

extension ExecFault {
    fileprivate static func wantsTerminal(_ spec: ExecSpec) -> ExecFault {
        ExecFault(
            "the plugin \(Sanitiser.line(spec.command, limit: 80)) wants the terminal (interactiveMode Always): "
                + "refresh this cluster's row to lend it the screen"
        )
    }
}

/// Lets a few blocking pieces of work run at the same time; the others wait in order.
private final class OperationGate: Sendable {
    private struct State {
        var running = 0
        var waiting: [@Sendable () -> Void] = []
    }

    private let limit: Int
    private let queue: DispatchQueue
    private let state: QueueBound<State>
    private let threads = DispatchQueue(label: "weir.plugins.runs", attributes: .concurrent)

    init(limit: Int, queue: DispatchQueue) {
        self.limit = limit
        self.queue = queue
        state = QueueBound(State(), on: queue)
    }

    /// Runs `work` on a thread of its own, then `then` on the queue; on the queue only.
    func run<Value: Sendable>(
        _ work: @escaping @Sendable () -> Value,
        then: @escaping @Sendable (Value) -> Void
    ) {
        let start: @Sendable () -> Void = { [self] in
            threads.async { [self] in
                let value = work()
                queue.async { [self] in
                    then(value)
                    finish()
                }
            }
        }
        guard state.value.running < limit else {
            state.value.waiting.append(start)
            return
        }
        state.value.running += 1
        start()
    }

    private func finish() {
        if state.value.waiting.isEmpty {
            state.value.running -= 1
        } else {
            state.value.waiting.removeFirst()()
        }
    }
}
