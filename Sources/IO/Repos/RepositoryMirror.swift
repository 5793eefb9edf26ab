import Dispatch
package import Git

/// weir's own bare copy of one remote repository, and the only way to ask it or to change its remote.
///
/// Four lanes, so that nobody waits for a slow remote who need not:
/// - the *desk* owns all state and answers from the mirror on disk: log, diff, distances, plans. Long walks give it
///   up between slices;
/// - the *fetch lane* talks to the remote, one fetch at a time;
/// - the *push lane* pushes, so that a rollback does not stand behind a fetch;
/// - the *render lane* runs the operator's kustomize, a few builds at a time.
///
/// The lanes share no libgit2 object: each job opens its own handles, which libgit2 allows at any time, and the files
/// are safe for several handles as they are for several weirs (see `MirrorDirectory`).
///
/// - Thread: every call returns at once; completions and `publish` run on the desk, each exactly once per call, also
///   after `cancelAll` and `stop`.
package final class RepositoryMirror: Sendable {
    package let id: RepositoryID
    let settings: RepositorySettings
    let directory: MirrorDirectory
    let desk: DispatchQueue
    let fetchLane: DispatchQueue
    let pushLane: DispatchQueue
    let renderLane: DispatchQueue
    let state: QueueBound<MirrorState>
    let publish: @Sendable (RepositorySnapshot) -> Void

    /// Opens nothing yet: the first job does.
    ///
    /// `publish` gets every new state, the first one with the first job.
    package init(
        settings: RepositorySettings,
        publish: @escaping @Sendable (RepositorySnapshot) -> Void
    ) {
        _ = GitLibrary.isReady
        id = settings.id
        self.settings = settings
        self.publish = publish
        directory = MirrorDirectory(path: MirrorPath.directory(of: settings.id, in: settings.cacheDirectory))
        let name = "weir.mirror.\(MirrorPath.name(of: settings.id))"
        desk = DispatchQueue(label: name, qos: .userInitiated)
        fetchLane = DispatchQueue(label: "\(name).fetch", qos: .utility)
        pushLane = DispatchQueue(label: "\(name).push", qos: .userInitiated)
        renderLane = DispatchQueue(label: "\(name).render", qos: .userInitiated, attributes: .concurrent)
        let snapshot = RepositorySnapshot(id: settings.id, url: settings.shownURL)
        state = QueueBound(MirrorState(refs: settings.refs, snapshot: snapshot), on: desk)
    }

    /// Brings the mirror up to its remote.
    ///
    /// A call during a running fetch gets the next one, since the running one may already have read the heads;
    /// any number of such calls share that next one.
    package func fetch(
        completion: (@Sendable (Result<RepositorySnapshot, GitFailure>) -> Void)? = nil
    ) {
        desk.async {
            self.open()
            self.requestFetch(completion)
        }
    }

    /// Asks the remote for its heads only, and fetches where one of them moved.
    ///
    /// That is what `fetch` does too: Git's protocol tells the heads with its first answer, so nothing is cheaper.
    /// Only the shown state differs: it does not say "fetching" for a question. And a remote that had to ask the
    /// operator for a secret is not asked again this way: `fetch` does that.
    package func checkRemote(
        completion: (@Sendable (Result<RepositorySnapshot, GitFailure>) -> Void)? = nil
    ) {
        desk.async {
            self.open()
            self.requestFetch(completion, isQuiet: true)
        }
    }

    /// Says which refs are in use from now on, full names; a new one is fetched at once.
    package func follow(refs: Set<String>) {
        desk.async {
            self.open()
            let isNew = self.state { state in
                defer { state.refs = refs }
                let isWider = refs.isEmpty && !state.refs.isEmpty
                return isWider || (!state.refs.isEmpty && !refs.isSubset(of: state.refs))
            }
            if isNew {
                self.requestFetch(nil)
            }
        }
    }

    /// Reads one page of the log from the mirror; never waits for the remote once a mirror exists.
    ///
    /// - Errors: `.notFound` for a ref that the remote does not have.
    package func log(
        _ query: LogQuery,
        offset: Int,
        limit: Int,
        completion: @escaping @Sendable (Result<LogPage, GitFailure>) -> Void
    ) {
        desk.async {
            self.start(completion) { job in
                self.readLog(query, offset: max(0, offset), limit: max(1, limit), job)
            }
        }
    }

    /// What one commit changed against its first parent, cut to what can be shown.
    package func diff(
        commit: String,
        completion: @escaping @Sendable (Result<CommitDiff, GitFailure>) -> Void
    ) {
        desk.async {
            self.start(completion) { job in
                self.answer(job) { (repository) throws(MirrorTrouble) in
                    let name = try repository.resolve(abbreviation: commit)
                    let parents = try repository.commit(name).read { CommitText.parents($0) }
                    var before: ObjectName?
                    if let parent = parents.first {
                        before = try repository.treeName(of: parent)
                    }
                    return try repository.diff(from: before, to: try repository.treeName(of: name))
                }
            }
        }
    }

    /// How far each commit lies behind; answers are remembered for the life of the mirror.
    ///
    /// - Shape: one answer per key; `.unknown` also where there is no mirror or the job was cancelled.
    package func distances(
        _ keys: [DistanceKey],
        completion: @escaping @Sendable ([DistanceKey: Distance]) -> Void
    ) {
        desk.async {
            let unknown = Dictionary(keys.map { ($0, Distance.unknown) }) { first, _ in first }
            let reply: @Sendable (Result<[DistanceKey: Distance], GitFailure>) -> Void = { result in
                completion(unknown.merging((try? result.get()) ?? [:]) { $1 })
            }
            self.start(reply) { job in
                self.readDistances(keys, job)
            }
        }
    }

    /// Works out a revert in memory against the tip that the mirror knows.
    ///
    /// - Errors: `.notFound` and `.invalid` in words for the operator; conflicts are part of the plan.
    package func plan(
        _ request: RevertRequest,
        completion: @escaping @Sendable (Result<RevertPlan, GitFailure>) -> Void
    ) {
        let settings = settings
        desk.async {
            self.start(completion) { job in
                self.answer(job) { (repository) throws(MirrorTrouble) in
                    let author = Author(settings)
                    var survey = self.state { $0.takeSurvey() }
                    defer { self.state { $0.survey = survey } }
                    return try RevertWork.plan(request, author: author, in: repository, survey: &survey)
                }
            }
        }
    }

    /// Makes the commit of a confirmed plan and pushes it, never by force.
    ///
    /// - Errors: `.readOnly`, `.movedTip`, `.rejected`; after `.unclear` the branch itself must be asked.
    package func commitAndPush(
        _ plan: Confirmed<RevertPlan>,
        completion: @escaping @Sendable (Result<PushReceipt, GitFailure>) -> Void
    ) {
        desk.async {
            self.push(plan.value, completion)
        }
    }

    /// Tells what became of pushes whose weir was killed or lost its connection before it could tell.
    ///
    /// - Shape: empty where none was left; each that could be answered is told once, the others again next time.
    package func unsettledPushes(completion: @escaping @Sendable ([PushRemnant]) -> Void) {
        desk.async {
            self.settlePushes(completion)
        }
    }

    /// Ends queued and running jobs with a failure; a push that has begun is left to finish.
    package func cancelAll() {
        desk.async {
            self.cancelJobs()
        }
    }

    /// Cancels, takes no more jobs, and calls back when no push and no build is under way any more.
    ///
    /// A fetch that hangs in a name look-up is not waited for: it holds nothing that needs an end.
    package func stop(then: (@Sendable () -> Void)? = nil) {
        desk.async {
            self.state { $0.isStopped = true }
            self.cancelJobs()
            self.state { $0.stopWaiters.append { then?() } }
            self.finishStop()
        }
    }
}
