import Dispatch
import Git

// What the desk does itself. Everything here runs on the desk.
extension RepositoryMirror {
    /// Commits looked at before other jobs get their turn.
    private static let slice = 2_000

    /// Reads what an earlier run left on disk, so that there is something to show before the remote answers.
    func open() {
        guard state({ !$0.isOpened }) else {
            return
        }
        let refs = state { state in
            state.isOpened = true
            return state.refs
        }
        let heads = (try? directory.open()?.heads()) ?? [:]
        state { state in
            state.hasMirror = !heads.isEmpty
            state.snapshot.heads = heads.filter {
                refs.isEmpty ? $0.key.hasPrefix("refs/heads/") : refs.contains($0.key)
            }
            .mapValues(\.hex)
        }
        publish(state { $0.snapshot })
    }

    /// Runs a job now, or after the first fetch where there is no mirror yet.
    func start<Value>(
        _ completion: @escaping @Sendable (Result<Value, GitFailure>) -> Void,
        _ body: @escaping @Sendable (DeskJob<Value>) -> Void
    ) {
        open()
        guard !state({ $0.isStopped }) else {
            completion(.failure(GitFailure(.other, "This mirror was stopped.")))
            return
        }
        let job = DeskJob(generation: state { $0.generation }, completion: completion)
        park(for: job) { body(job) }
    }

    private func park<Value>(for job: DeskJob<Value>, _ body: @escaping @Sendable () -> Void) {
        guard !state({ $0.hasMirror }) else {
            body()
            return
        }
        state { $0.parked.append(body) }
        if state({ $0.running == nil }) {
            requestFetch(nil)
        }
    }

    func isCancelled<Value>(_ job: DeskJob<Value>) -> Bool {
        state { $0.generation != job.generation }
    }

    /// One question to the mirror that is answered in one go.
    func answer<Value>(
        _ job: DeskJob<Value>,
        _ body: @escaping @Sendable (borrowing Repository) throws(MirrorTrouble) -> Value
    ) {
        guard !isCancelled(job) else {
            job.finish(.failure(.cancelled))
            return
        }
        do throws(MirrorTrouble) {
            job.finish(.success(try body(try opened())))
        } catch {
            mend(error, job) { self.answer($0, body) }
        }
    }

    private func opened() throws(MirrorTrouble) -> Repository {
        if state({ $0.hasMirror }) {
            guard let repository = try directory.open() else {
                throw .damaged("it is gone")
            }
            return repository
        }
        if case .failed(let reason) = state({ $0.snapshot.health }) {
            throw MirrorTrouble(.unreachable, "There is no mirror yet: \(reason)")
        }
        throw MirrorTrouble(.notFound, "There is no mirror yet: it was not fetched.")
    }

    /// Tells a failure; but damage is mended first, and the job tried once more.
    private func mend<Value>(
        _ trouble: MirrorTrouble,
        _ job: DeskJob<Value>,
        _ again: @escaping @Sendable (DeskJob<Value>) -> Void
    ) {
        guard case .damaged = trouble, !job.isSecondTry else {
            job.finish(.failure(trouble))
            return
        }
        do throws(MirrorTrouble) {
            try directory.moveAway(evenIfSound: true)
        } catch {
            job.finish(.failure(error))
            return
        }
        state { state in
            state.cursors = []
            state.hasMirror = false
        }
        var second = job
        second.isSecondTry = true
        park(for: second) { [second] in again(second) }
    }

    // MARK: Log

    func readLog(_ query: LogQuery, offset: Int, limit: Int, _ job: DeskJob<LogPage>) {
        guard !isCancelled(job) else {
            job.finish(.failure(.cancelled))
            return
        }
        do throws(MirrorTrouble) {
            let cursor = try self.cursor(for: query)
            if try cursor.advance(toward: offset, limit: limit, budget: RepositoryMirror.slice) {
                job.finish(.success(try cursor.page(offset: offset, limit: limit)))
                return
            }
        } catch {
            mend(error, job) { self.readLog(query, offset: offset, limit: limit, $0) }
            return
        }
        desk.async {
            self.readLog(query, offset: offset, limit: limit, job)
        }
    }

    /// The walk that goes on from the last page, or a new one where the ref has moved.
    private func cursor(for query: LogQuery) throws(MirrorTrouble) -> LogCursor {
        let repository = try opened()
        var cursors = state { state in
            defer { state.cursors = [] }
            return state.cursors
        }
        defer { state { $0.cursors = cursors } }
        if let index = cursors.firstIndex(where: { $0.query == query }) {
            let known = cursors.remove(at: index)
            if known.isCurrent(in: repository) {
                cursors.append(known)
                return known
            }
        }
        let made = try LogCursor(query, repository: repository)
        cursors = cursors.suffix(7) + [made]
        return made
    }

    // MARK: Distances

    func readDistances(_ keys: [DistanceKey], _ job: DeskJob<[DistanceKey: Distance]>) {
        struct Pair: Hashable {
            let from: String
            let to: String
        }
        let known = state { $0.survey.answers }
        let answers = keys.reduce(into: [DistanceKey: Distance]()) { $0[$1] = known[$1] }
        let groups = Dictionary(grouping: Set(keys).filter { known[$0] == nil }) {
            Pair(from: $0.from, to: $0.to)
        }
        survey(Array(groups.values), nil, answers, job)
    }

    private func survey(
        _ groups: [[DistanceKey]],
        _ range: DistanceSurvey.Range?,
        _ answers: [DistanceKey: Distance],
        _ job: DeskJob<[DistanceKey: Distance]>
    ) {
        guard !isCancelled(job) else {
            job.finish(.success(answers))
            return
        }
        guard range != nil || !groups.isEmpty else {
            job.finish(.success(answers))
            return
        }
        var (groups, range, answers) = (groups, range, answers)
        do throws(MirrorTrouble) {
            let repository = try opened()
            var survey = state { $0.takeSurvey() }
            defer { state { $0.survey = survey } }
            if range == nil, let keys = groups.popLast() {
                let begun = try survey.begin(keys, in: repository)
                range = begun.range
                for (key, distance) in begun.answers {
                    answers[key] = distance
                    if distance != .unknown {
                        survey.keep(distance, for: key)
                    }
                }
            }
            if var current = range {
                let isDone = try survey.advance(&current, budget: RepositoryMirror.slice, in: repository)
                range = isDone ? nil : current
                for (key, distance) in isDone ? try survey.distances(current, in: repository) : [] {
                    answers[key] = distance
                    survey.keep(distance, for: key)
                }
            }
        } catch {
            let keys = groups.flatMap(\.self) + (range?.keys ?? [])
            let all = keys + answers.keys
            mend(error, job) { self.readDistances(all, $0) }
            return
        }
        desk.async { [groups, range, answers] in
            self.survey(groups, range, answers, job)
        }
    }
}
