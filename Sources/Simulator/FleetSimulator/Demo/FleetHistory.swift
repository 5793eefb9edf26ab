/// Writes the history of the repository `fleet`: about eighty commits over seven weeks until minutes ago.
///
/// The same seed, clusters and time give the same commits.
struct FleetHistory {
    static let pinnedTag = "v1.4.0"

    /// Commits that the state of the clusters is made from.
    struct Landmarks: Sendable, Equatable {
        /// Tip of `main`.
        var main = ""
        /// Tip of `staging`.
        var staging = ""
        /// The commit of the tag that one cluster follows.
        var pinned = ""
        /// What monitoring was suspended at, six days ago.
        var scrape = ""
        /// The last commit before the bad one.
        var lastGood = ""
        /// The bad commit.
        var bad = ""
        var first = ""
    }

    private var model: FleetModel
    private var random: SeededNumbers
    /// Unix seconds of now.
    private let now: Int64
    private var head: String?
    private var written: [String: String] = [:]
    private(set) var landmarks = Landmarks()

    private static let day: Int64 = 86_400
    private static let authors = [
        "checkout": CommitAuthor(name: "Mira Lindqvist", email: "mira@acme.example"),
        "web": CommitAuthor(name: "Jonas Weber", email: "jonas@acme.example"),
        "catalog": CommitAuthor(name: "Priya Raman", email: "priya@acme.example"),
    ]
    private static let team = [
        CommitAuthor(name: "Mira Lindqvist", email: "mira@acme.example"),
        CommitAuthor(name: "Jonas Weber", email: "jonas@acme.example"),
        CommitAuthor(name: "Priya Raman", email: "priya@acme.example"),
        CommitAuthor(name: "Tomás Ibarra", email: "tomas@acme.example"),
    ]
    private static let operators = CommitAuthor(name: "Anna Sørensen", email: "anna@acme.example")
    private static let bot = CommitAuthor(name: "image bot", email: "image-bot@acme.example")

    init(clusters: [DemoCluster], shape: FleetShape, now: Int64, seed: UInt64) {
        model = FleetModel(clusters: clusters, shape: shape)
        self.now = now
        random = SeededNumbers(seed: seed, name: "history")
    }

    /// Writes everything into an empty repository.
    mutating func write(to history: borrowing RepositoryHistory) throws {
        try begin(history)
        try growth(history)
        try recentDays(history)
        try lastHour(history)
        try stagingBranch(history)
        try history.point("refs/heads/main", at: landmarks.main)
    }

    /// The first days: infrastructure, then one application after the other.
    private mutating func begin(_ history: borrowing RepositoryHistory) throws {
        try commit(history, 47 * Self.day, Self.operators, "Initial commit: clusters and infrastructure") {
            _ in
        }
        landmarks.first = head ?? ""
        var age = 46 * Self.day
        for (index, name) in model.shape.apps.enumerated() {
            age -= 3 * 3600 + Int64(index) * 600
            let author = Self.authors[name] ?? random.pick(Self.team)
            let tag = "1.\(index % 4).0"
            try commit(history, age, author, "\(name): first manifests") { model in
                model.apps.append(FleetModel.App(name: name, tag: tag, replicas: 1 + index % 2))
            }
        }
    }

    /// Weeks of ordinary work.
    private mutating func growth(_ history: borrowing RepositoryHistory) throws {
        let count = 52
        let from = 40 * Self.day
        let to = 7 * Self.day
        for step in 0..<count {
            let jitter = Int64.random(in: 0..<6 * 3600, using: &random)
            let age = from - (from - to) * Int64(step) / Int64(count) - jitter
            try ordinary(history, age, step)
            switch step {
            case 18: try history.point("refs/tags/v1.2.0", at: head ?? "")
            case 36: try history.point("refs/tags/v1.3.0", at: head ?? "")
            default: break
            }
        }
    }

    private mutating func ordinary(_ history: borrowing RepositoryHistory, _ age: Int64, _ step: Int) throws {
        let app = random.pick(model.shape.apps)
        let author = Self.authors[app] ?? random.pick(Self.team)
        switch step % 8 {
        case 3:
            let tag = "1.\(25 + step / 26).\(step % 5)"
            try commit(history, age, Self.bot, "chore: nginx \(tag)") { $0.nginx = tag }
        case 5:
            let size = [64, 96, 128, 192, 256][step % 5]
            try commit(history, age, author, "\(app): memory request \(size)Mi") { model in
                model.change(app) { $0.memory = "\(size)Mi" }
            }
        case 6:
            let tag = "11.\(1 + step / 20).\(step % 4)"
            try commit(history, age, Self.operators, "monitoring: grafana \(tag)") { $0.grafana = tag }
        case 7:
            let note = "Runbook \(step): what to do when \(app) is slow."
            try commit(history, age, author, "docs: runbook for \(app)") { $0.notes.append(note) }
        default:
            guard let old = model.apps.first(where: { $0.name == app }) else { return }
            let version = SemanticVersion(old.tag)
            let tag =
                "1.\((version?.minor ?? 0) + (step % 3 == 0 ? 1 : 0)).\(step % 3 == 0 ? 0 : (version?.patch ?? 0) + 1)"
            try commit(history, age, author, "\(app): api \(tag)") { model in
                model.change(app) { $0.tag = tag }
            }
        }
    }

    private mutating func recentDays(_ history: borrowing RepositoryHistory) throws {
        try commit(history, 6 * Self.day + 4000, Self.operators, "monitoring: scrape interval 30s") {
            $0.scrapeInterval = "30s"
        }
        landmarks.scrape = head ?? ""
        try commit(history, 5 * Self.day, Self.authors["checkout"] ?? Self.operators, "checkout: api 1.8.3") {
            model in
            model.change("checkout") { $0.tag = "1.8.3" }
        }
        try commit(history, 4 * Self.day, Self.operators, "cert-manager: v1.16.1") {
            $0.certManager = "v1.16.1"
        }
        try commit(history, 3 * Self.day, Self.bot, "chore: cart 6.1.3") { $0.cart = "6.1.3" }
        landmarks.pinned = head ?? ""
        try history.point("refs/tags/\(Self.pinnedTag)", at: landmarks.pinned)
        try merge(history)
        try commit(history, 26 * 3600, Self.operators, "storage: larger backup volumes") {
            $0.storageSize = "50Gi"
        }
        try commit(history, 9 * 3600, Self.bot, "chore: cart 6.1.4") { $0.cart = "6.1.4" }
    }

    /// A feature branch that was merged, not rebased: its commit is the merge's second parent.
    private mutating func merge(_ history: borrowing RepositoryHistory) throws {
        let base = head ?? ""
        let author = Self.authors["web"] ?? Self.operators
        try commit(history, 2 * Self.day + 7000, author, "web: trace requests", branch: "web-tracing") {
            $0.usesTracing = true
        }
        let feature = head ?? ""
        head = base
        model.usesTracing = false
        written = model.files()
        try commit(history, 2 * Self.day + 3000, Self.operators, "docs: who is on call") {
            $0.notes.append("On call is listed in the wiki.")
        }
        try commit(
            history,
            2 * Self.day,
            author,
            "Merge branch 'web-tracing'",
            second: feature
        ) { $0.usesTracing = true }
    }

    private mutating func lastHour(_ history: borrowing RepositoryHistory) throws {
        try commit(history, 41 * 60, Self.bot, "chore: nginx 1.27.3") { $0.nginx = "1.27.3" }
        landmarks.lastGood = head ?? ""
        let author = Self.authors["checkout"] ?? Self.operators
        try commit(history, 14 * 60, author, "checkout: api 1.9.0") { model in
            model.change("checkout") { $0.tag = DemoFleet.badVersion }
        }
        landmarks.bad = head ?? ""
        try commit(history, 9 * 60, Self.authors["catalog"] ?? Self.operators, "catalog: more memory") {
            model in
            model.change("catalog") { $0.memory = "320Mi" }
        }
        try commit(history, 4 * 60, Self.operators, "docs: runbook for the ingress") {
            $0.notes.append("The ingress restarts by itself; wait a minute before you page anyone.")
        }
        landmarks.main = head ?? ""
    }

    /// Staging left main two days ago and tries what is not released yet.
    private mutating func stagingBranch(_ history: borrowing RepositoryHistory) throws {
        let (main, files, released) = (head, written, model)
        guard let fork = try firstCommit(in: history, olderThan: 25 * 3600) else { return }
        head = fork.oid
        model = fork.model
        written = fork.model.files()
        let author = Self.authors["checkout"] ?? Self.operators
        try commit(history, 7 * 3600, author, "checkout: try 1.10.0-rc.1", branch: "staging") { model in
            model.change("checkout") { $0.tag = "1.10.0-rc.1" }
        }
        try commit(history, 52 * 60, Self.bot, "chore: nginx 1.27.3", branch: "staging") {
            $0.nginx = "1.27.3"
        }
        try commit(history, 23 * 60, author, "checkout: flags for the express lane", branch: "staging") {
            model in
            model.change("checkout") { $0.hasFlags = true }
        }
        landmarks.staging = head ?? ""
        (head, written, model) = (main, files, released)
    }

    // MARK: Writing

    private var models: [(oid: String, age: Int64, model: FleetModel)] = []

    private func firstCommit(
        in history: borrowing RepositoryHistory,
        olderThan age: Int64
    ) throws -> (oid: String, model: FleetModel)? {
        models.last { $0.age >= age }.map { ($0.oid, $0.model) }
    }

    /// Changes the model and commits what that changes in the files.
    private mutating func commit(
        _ history: borrowing RepositoryHistory,
        _ age: Int64,
        _ author: CommitAuthor,
        _ message: String,
        branch: String = "main",
        second: String? = nil,
        _ change: (inout FleetModel) -> Void
    ) throws {
        change(&model)
        let files = model.files()
        var changes: [String: String?] = [:]
        for (path, text) in files where written[path] != text { changes[path] = .some(text) }
        for path in written.keys where files[path] == nil { changes[path] = .some(nil) }
        head = try history.commit(
            branch: branch,
            parents: [head, second].compactMap(\.self),
            author: author,
            seconds: now - age,
            message: message + "\n",
            changes: changes
        )
        written = files
        if branch == "main", let head { models.append((head, age, model)) }
    }
}
