import Git
import Kube

/// Builds of manifests: those that wait, those that run, and the newest results.
///
/// Clusters that run the same files share one build, whatever commit each of them is at.
/// - Thread: owned by the desk.
struct BuildBook {
    typealias Completion = @Sendable (Result<RenderedManifests, GitFailure>) -> Void

    /// What decides what a build makes.
    struct Key: Hashable, Sendable {
        let files: [String: [UInt8]]
        let path: String
        /// `flux build` is told whose build it is.
        let applier: [String]
        /// Made once: there may be very many bytes.
        private let stamp: Int

        init(_ export: TreeExport, _ question: RenderQuestion) {
            files = export.files
            path = export.path
            applier = [question.applier.namespace, question.applier.name]
            var hasher = Hasher()
            hasher.combine(files)
            hasher.combine(path)
            hasher.combine(applier)
            stamp = hasher.finalize()
        }

        static func == (one: Key, other: Key) -> Bool {
            one.stamp == other.stamp && one.path == other.path && one.applier == other.applier
                && one.files == other.files
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(stamp)
        }

        var size: Int { files.values.reduce(0) { $0 + $1.count } }
    }

    struct Build: Sendable {
        let key: Key
        let export: TreeExport
        let question: RenderQuestion
    }

    /// Bytes of files and results that are remembered.
    private static let limit = 8 << 20

    /// Questions whose files are not read yet: all files of all builds would not fit into memory.
    private var questions: [(question: RenderQuestion, completion: Completion)] = []
    /// Questions whose files are being read.
    private var reading = 0
    private var waiting: [Build] = []
    private var running: [Key: Transfer] = [:]
    private var completions: [Key: [Completion]] = [:]
    /// The newest last.
    private var results: [(key: Key, made: RenderedManifests, size: Int)] = []

    /// True where no build runs.
    var isIdle: Bool { running.isEmpty }

    mutating func ask(_ question: RenderQuestion, _ completion: @escaping Completion) {
        questions.append((question, completion))
    }

    /// The question that has waited longest, where its build could run soon: its files are to be read.
    mutating func nextQuestion(atOnce limit: Int) -> (question: RenderQuestion, completion: Completion)? {
        guard reading + waiting.count + running.count < limit, !questions.isEmpty else {
            return nil
        }
        reading += 1
        return questions.removeFirst()
    }

    /// Notes that the files of a question were read, or could not be.
    mutating func endReading() {
        reading -= 1
    }

    /// The result of the same build where it is known; else whoever asks is answered when it was made.
    mutating func answer(
        _ export: TreeExport,
        _ question: RenderQuestion,
        _ completion: @escaping Completion
    ) -> RenderedManifests? {
        let key = Key(export, question)
        if let known = results.first(where: { $0.key == key }) {
            return known.made
        }
        if completions[key] == nil {
            waiting.append(Build(key: key, export: export, question: question))
        }
        completions[key, default: []].append(completion)
        return nil
    }

    /// The build that has waited longest, where one more may run.
    mutating func next(atOnce limit: Int, transfer: () -> Transfer) -> (Build, Transfer)? {
        guard running.count < limit, !waiting.isEmpty else {
            return nil
        }
        let build = waiting.removeFirst()
        let transfer = transfer()
        running[build.key] = transfer
        return (build, transfer)
    }

    /// Notes the end of a build, and gives those who wait for it.
    mutating func end(_ build: Build, _ result: Result<RenderedManifests, GitFailure>) -> [Completion] {
        running[build.key] = nil
        if case .success(let made) = result {
            results.append((build.key, made, build.key.size + made.text.utf8.count))
            while results.reduce(0, { $0 + $1.size }) > BuildBook.limit {
                results.removeFirst()
            }
        }
        return completions.removeValue(forKey: build.key) ?? []
    }

    /// Calls off what runs, and gives those who wait for what now never will.
    mutating func cancel() -> [Completion] {
        running.values.forEach { $0.cancel() }
        defer { (waiting, questions) = ([], []) }
        return waiting.flatMap { completions.removeValue(forKey: $0.key) ?? [] }
            + questions.map(\.completion)
    }
}
