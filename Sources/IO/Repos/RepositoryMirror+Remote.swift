import CPosix
import Chrono
import Dispatch
import Git
import Glibc

// What goes through the remote lanes. Everything here runs on the desk, but the bodies given to a lane.
extension RepositoryMirror {
    func requestFetch(_ completion: MirrorState.FetchCompletion?, isQuiet: Bool = false) {
        guard !state({ $0.isStopped }) else {
            completion?(.failure(GitFailure(.other, "This mirror was stopped.")))
            return
        }
        if isQuiet, state({ $0.asksOperator }) {
            completion?(.success(state { $0.snapshot }))
            return
        }
        state { state in
            state.nextWaiters = (state.nextWaiters ?? []) + [completion].compactMap(\.self)
            state.isNextQuiet = state.isNextQuiet && isQuiet
        }
        startFetch()
    }

    private func startFetch() {
        guard state({ $0.running == nil && $0.nextWaiters != nil && !$0.isStopped }) else {
            return
        }
        let transfer = Transfer(settings)
        let (refs, isQuiet) = state { state in
            let isQuiet = state.isNextQuiet && state.hasMirror
            state.running = transfer
            state.runningWaiters = state.nextWaiters ?? []
            state.nextWaiters = nil
            state.isNextQuiet = true
            return (state.refs, isQuiet)
        }
        if !isQuiet {
            show { $0.health = .fetching }
        }
        let work = FetchWork(directory: directory, refs: refs, transfer: transfer)
        fetchLane.async {
            let result: Result<FetchResult, MirrorTrouble>
            do throws(MirrorTrouble) {
                result = .success(try work.run())
            } catch {
                result = .failure(error)
            }
            let asked = transfer.wasAsked
            self.desk.async {
                self.finishFetch(result, asked: asked)
            }
        }
    }

    private func finishFetch(_ result: Result<FetchResult, MirrorTrouble>, asked: Bool) {
        let (waiters, parked) = state { state in
            state.asksOperator = asked
            defer {
                state.running = nil
                state.runningWaiters = []
                state.parked = []
            }
            if case .success = result {
                state.hasMirror = true
            }
            return (state.runningWaiters, state.parked)
        }
        switch result {
        case .success(let fetched):
            show { snapshot in
                for name in fetched.heads.keys where snapshot.heads[name] == nil {
                    snapshot.upheavals[name] = nil
                }
                snapshot.heads = fetched.heads
                snapshot.upheavals.merge(fetched.upheavals) { $1 }
                snapshot.fetched = RepositoryMirror.now()
                snapshot.health = .current
            }
        case .failure(.cancelled):
            show { $0.health = $0.fetched == nil ? .never : .current }
        case .failure(let trouble):
            show { $0.health = .failed(trouble.failure.message) }
        }
        let snapshot = state { $0.snapshot }
        waiters.forEach { $0(result.map { _ in snapshot }.mapError(\.failure)) }
        // Without a mirror they fail now, with the reason that the snapshot shows.
        parked.forEach { $0() }
        startFetch()
    }

    func push(_ plan: RevertPlan, _ completion: @escaping @Sendable (Result<PushReceipt, GitFailure>) -> Void)
    {
        guard !settings.isReadOnly else {
            completion(.failure(GitFailure(.readOnly, "weir is read-only here: nothing was pushed.")))
            return
        }
        guard !state({ $0.isStopped }) else {
            completion(.failure(GitFailure(.other, "This mirror was stopped: nothing was pushed.")))
            return
        }
        guard plan.request.repository == id else {
            completion(
                .failure(GitFailure(.invalid, "The plan is for \(plan.request.repository), not for \(id)."))
            )
            return
        }
        open()
        state { $0.pushes += 1 }
        // A server may run its hooks for long before it says a word.
        let transfer = Transfer(settings, silence: settings.answerTimeout * 4)
        let work = PushWork(directory: directory, plan: plan, transfer: transfer)
        pushLane.async {
            let result: Result<PushReceipt, MirrorTrouble>
            do throws(MirrorTrouble) {
                result = .success(try work.run())
            } catch {
                result = .failure(error)
            }
            self.desk.async {
                self.finishPush(result, completion)
            }
        }
    }

    private func finishPush(
        _ result: Result<PushReceipt, MirrorTrouble>,
        _ completion: @Sendable (Result<PushReceipt, GitFailure>) -> Void
    ) {
        state { $0.pushes -= 1 }
        if case .success(let receipt) = result,
            state({ $0.snapshot.heads["refs/heads/\(receipt.branch)"] }) != nil
        {
            show { $0.heads["refs/heads/\(receipt.branch)"] = receipt.commit }
        }
        completion(result.mapError(\.failure))
        if case .failure(let trouble) = result, case .failure(let failure) = trouble,
            case .movedTip = failure.cause
        {
            // The next plan is to be made against the new tip.
            requestFetch(nil)
        }
        finishStop()
    }

    func settlePushes(_ completion: @escaping @Sendable ([PushRemnant]) -> Void) {
        guard !state({ $0.isStopped }) else {
            completion([])
            return
        }
        let work = SettleWork(directory: directory, id: id, settings: settings)
        pushLane.async {
            let remnants = work.run()
            self.desk.async {
                completion(remnants)
            }
        }
    }

    func cancelJobs() {
        let (running, waiters, parked) = state { state in
            state.generation += 1
            defer {
                state.nextWaiters = nil
                state.parked = []
            }
            return (state.running, state.nextWaiters ?? [], state.parked)
        }
        running?.cancel()
        state { $0.builds.cancel() }.forEach { $0(.failure(MirrorTrouble.cancelled.failure)) }
        waiters.forEach { $0(.failure(MirrorTrouble.cancelled.failure)) }
        parked.forEach { $0() }
    }

    func finishStop() {
        let waiters = state { state in
            guard state.isStopped, state.pushes == 0, state.builds.isIdle else {
                return [@Sendable () -> Void]()
            }
            defer { state.stopWaiters = [] }
            return state.stopWaiters
        }
        waiters.forEach { $0() }
    }

    private func show(_ change: (inout RepositorySnapshot) -> Void) {
        let changed: RepositorySnapshot? = state { state in
            let before = state.snapshot
            change(&state.snapshot)
            return state.snapshot == before ? nil : state.snapshot
        }
        if let changed {
            publish(changed)
        }
    }

    private static func now() -> Timestamp {
        Timestamp(nanoseconds: weir_wall_nanoseconds())
    }
}
