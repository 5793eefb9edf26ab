import Chrono
import Dashboard
import Git
import Kube
import Testing

struct CommitsTests {
    private let query = LogQuery(repository: Sample.fleet, ref: "refs/heads/main")

    private func page(_ names: [String], query: LogQuery? = nil, offset: Int = 0, isLast: Bool = true)
        -> LogPage
    {
        LogPage(
            query: query ?? self.query,
            tip: Sample.new,
            offset: offset,
            commits: Sample.log(names),
            isLast: isLast
        )
    }

    private func fleet() -> Rehearsal {
        var rehearsal = Rehearsal()
        for cluster in ["prod-eu", "prod-us"] {
            rehearsal.show(
                cluster,
                [
                    Sample.source(cluster),
                    Sample.applier(cluster, "apps/checkout", state: cluster == "prod-eu" ? .failed : .ready),
                    Sample.applier(cluster, "apps/cart", at: Sample.bad),
                ]
            )
        }
        rehearsal.send(.repositoryChanged(Sample.mirror(head: Sample.new)))
        return rehearsal
    }

    private func ticket(_ effects: [Effect]) -> Ticket? {
        for effect in effects {
            switch effect {
            case .loadLog(_, _, _, let ticket), .loadDiff(_, _, let ticket): return ticket
            default: continue
            }
        }
        return nil
    }

    private func opened(_ names: [String] = [Sample.new, Sample.bad, Sample.old]) -> Rehearsal {
        var rehearsal = fleet()
        let effects = rehearsal.type("3")
        if let ticket = ticket(effects) {
            rehearsal.send(.logLoaded(.success(page(names)), ticket))
        }
        return rehearsal
    }

    @Test func `the log of the selected cluster's repository is loaded, then the diff of its first commit`() {
        var rehearsal = fleet()
        #expect(rehearsal.type("3") == [.loadLog(query, offset: 0, limit: 100, Ticket(1))])
        #expect(rehearsal.state.commits.isLoading)
        let effects = rehearsal.send(.logLoaded(.success(page([Sample.new, Sample.bad])), Ticket(1)))
        #expect(effects == [.loadDiff(Sample.fleet, commit: Sample.new, Ticket(2))])
        #expect(rehearsal.state.commits.cursor.selected == Sample.new)
    }

    @Test func `a log is not asked for before the mirror has its head`() {
        var rehearsal = Rehearsal()
        rehearsal.show("prod-eu", [Sample.source("prod-eu")])
        #expect(rehearsal.type("3").isEmpty)
        #expect(
            rehearsal.send(.repositoryChanged(Sample.mirror(head: Sample.new))).last
                == .loadLog(query, offset: 0, limit: 100, Ticket(1))
        )
    }

    @Test func `an answer that nobody awaits changes nothing`() {
        var rehearsal = fleet()
        rehearsal.type("3")
        #expect(rehearsal.send(.logLoaded(.success(page([Sample.bad])), Ticket(77))).isEmpty)
        #expect(rehearsal.state.commits.commits.isEmpty)
        rehearsal.send(.logLoaded(.success(page([Sample.new])), Ticket(1)))
        #expect(rehearsal.send(.logLoaded(.success(page([Sample.bad])), Ticket(1))).isEmpty)
        #expect(rehearsal.state.commits.commits.map(\.id) == [Sample.new])
    }

    @Test func `of diffs the last one asked for counts, and what was read is not asked again`() {
        var rehearsal = opened()
        let first = Ticket(2)
        #expect(rehearsal.type("j") == [.loadDiff(Sample.fleet, commit: Sample.bad, Ticket(3))])
        let diff = CommitDiff(files: [FileDiff(change: .modified, oldPath: "a", newPath: "a")])
        rehearsal.send(.diffLoaded(commit: Sample.new, .success(diff), first))
        #expect(rehearsal.state.commits.diffs.isEmpty)
        rehearsal.send(.diffLoaded(commit: Sample.bad, .success(diff), Ticket(3)))
        #expect(rehearsal.state.commits.diff == diff)
        #expect(rehearsal.type("k") == [.loadDiff(Sample.fleet, commit: Sample.new, Ticket(4))])
        #expect(rehearsal.type("j").isEmpty)
        #expect(rehearsal.state.commits.diff == diff)
    }

    @Test func `the next page is asked for before the end is reached, and once`() {
        var rehearsal = fleet()
        rehearsal.type("3")
        let names = (0..<100).map { Sample.commit("c\($0)x") }
        rehearsal.send(.logLoaded(.success(page(names, isLast: false)), Ticket(1)))
        var logs: [Effect] = []
        for _ in 0..<90 {
            logs += rehearsal.type("j").filter { effect in
                if case .loadLog = effect {
                    return true
                }
                return false
            }
        }
        #expect(logs.count == 1)
        guard case .loadLog(query, 100, 100, let ticket)? = logs.first else {
            Issue.record("no page was asked for")
            return
        }
        let more = [Sample.commit("last")]
        rehearsal.send(.logLoaded(.success(page(more, offset: 100)), ticket))
        #expect(rehearsal.state.commits.commits.count == 101)
        #expect(rehearsal.state.commits.isLast)
    }

    @Test func `a head that moved reads the log anew and keeps the selected commit`() {
        var rehearsal = opened()
        rehearsal.type("j")
        let newest = Sample.commit("newest")
        let effects = rehearsal.send(.repositoryChanged(Sample.mirror(head: newest)))
        guard case .loadLog(query, 0, 100, let ticket)? = effects.last else {
            Issue.record("the log was not asked for again")
            return
        }
        #expect(rehearsal.state.commits.commits.count == 3)
        rehearsal.send(.logLoaded(.success(page([newest, Sample.new, Sample.bad, Sample.old])), ticket))
        #expect(rehearsal.state.commits.cursor.selected == Sample.bad)
        #expect(rehearsal.state.commits.cursor.index == 2)
    }

    @Test func `a log that cannot be read says why and is not asked for in a circle`() {
        var rehearsal = fleet()
        rehearsal.type("3")
        let failure = GitFailure(.unreachable, "git.example does not answer")
        #expect(rehearsal.send(.logLoaded(.failure(failure), Ticket(1))).isEmpty)
        #expect(rehearsal.state.commits.problem == "git.example does not answer")
        #expect(rehearsal.send(.timePassed).isEmpty)
        #expect(
            rehearsal.type("p") == [.fetch(Sample.fleet), .loadLog(query, offset: 0, limit: 100, Ticket(2))]
        )
    }

    @Test func `markers say who sits at a commit, and whether all of a cluster does`() {
        let rehearsal = opened()
        let old = rehearsal.state.markers(at: Sample.old)
        #expect(old.map(\.cluster.name) == ["prod-eu", "prod-us"])
        #expect(old.map(\.state) == [.failed, .ready])
        #expect(old.allSatisfy { !$0.isWhole && $0.count == 1 && $0.first.name == "checkout" })
        #expect(rehearsal.state.markers(at: Sample.new).isEmpty)
    }

    @Test func `the selected commit tells whom it touches`() {
        var rehearsal = opened()
        let file = FileDiff(
            change: .modified,
            oldPath: "apps/checkout/api.yaml",
            newPath: "apps/checkout/api.yaml"
        )
        rehearsal.send(.diffLoaded(commit: Sample.new, .success(CommitDiff(files: [file])), Ticket(2)))
        let touched = rehearsal.state.commits.touched
        #expect(touched.map(\.path) == ["apps/checkout"])
        #expect(touched.map(\.short) == ["ks"])
        #expect(touched.first?.clusters.map(\.name) == ["prod-eu", "prod-us"])
        rehearsal.type("j")
        #expect(rehearsal.state.commits.touched.isEmpty)
    }

    @Test func `X on a failed resource opens the commits of its path at the one that was tried`() {
        var rehearsal = fleet()
        rehearsal.select(Sample.ref("prod-eu", .kustomization, "apps/checkout"))
        var limited = query
        limited.path = "apps/checkout"
        limited.isApplierPath = true
        let effects = rehearsal.type("X")
        #expect(effects == [.loadLog(limited, offset: 0, limit: 100, Ticket(1))])
        rehearsal.send(
            .logLoaded(.success(page([Sample.new, Sample.bad, Sample.old], query: limited)), Ticket(1))
        )
        #expect(rehearsal.state.commits.cursor.selected == Sample.old)
        rehearsal.type("P")
        #expect(rehearsal.state.commits.query == query)
        rehearsal.type("P")
        #expect(rehearsal.state.commits.query == limited)
    }

    @Test func `a filter is asked for when it is complete`() {
        var rehearsal = opened()
        #expect(rehearsal.type("/nginx").isEmpty)
        var filtered = query
        filtered.text = "nginx"
        let effects = rehearsal.type("<Enter>")
        #expect(effects.count == 1)
        guard case .loadLog(filtered, 0, 100, _)? = effects.first else {
            Issue.record("the filtered log was not asked for")
            return
        }
        #expect(rehearsal.state.screenFilter == "nginx")
    }

    @Test func `Enter on source drift opens the commits`() {
        var rehearsal = fleet()
        let key = DistanceKey(repository: Sample.fleet, from: Sample.old, to: Sample.new, path: "")
        rehearsal.send(.distancesMeasured([key: .behind(commits: 2, touching: 2)]))
        rehearsal.type("<Tab><Tab>")
        #expect(rehearsal.state.fleet.focus == .drift)
        while rehearsal.state.selectedDrift?.kind != .source(commits: 2, here: 0),
            rehearsal.state.fleet.driftCursor.index + 1 < rehearsal.state.fleet.driftRows.count
        {
            rehearsal.type("j")
        }
        rehearsal.type("<Enter>")
        #expect(rehearsal.state.screen == .commits)
    }

    @Test(arguments: [KindState.watching, .listing])
    func `a resource that comes from no repository says so, once everything was read`(sources: KindState) {
        var rehearsal = Rehearsal(["a"])
        let lone = FluxResource(
            ref: Sample.ref("a", .helmRelease, "apps/lone"),
            kind: .helmRelease,
            state: .failed
        )
        var snapshot = Sample.snapshot("a", [lone])
        snapshot.kinds[.gitRepository] = sources
        rehearsal.send(.clusterChanged(snapshot))
        rehearsal.select(lone.ref)
        #expect(rehearsal.type("X").isEmpty)
        let isRead = sources == .watching
        #expect(
            rehearsal.notices == [
                isRead
                    ? "apps/lone comes from no Git repository that is known"
                    : "a is still being read: try again in a moment"
            ]
        )
        #expect(rehearsal.state.screen == .fleet)
    }

    @Test func `a Helm release leads to the commits of what applies it`() {
        var rehearsal = fleet()
        var release = FluxResource(
            ref: Sample.ref("prod-eu", .helmRelease, "apps/cart"),
            kind: .helmRelease,
            state: .failed
        )
        release.parent = Sample.ref("prod-eu", .kustomization, "apps/cart")
        rehearsal.show(
            "prod-eu",
            [Sample.source("prod-eu"), Sample.applier("prod-eu", "apps/cart"), release]
        )
        rehearsal.select(release.ref)
        rehearsal.type("X")
        #expect(rehearsal.state.commits.query?.path == "apps/cart")
    }

    @Test(arguments: [true, false])
    func
        `X on a release limits the commits to the file that declares it, and proposes nothing where it is ready`(
            isFound: Bool
        ) throws
    {
        var rehearsal = fleet()
        var release = FluxResource(
            ref: Sample.ref("prod-eu", .helmRelease, "apps/cart"),
            kind: .helmRelease,
            state: .ready
        )
        release.apiVersion = "helm.toolkit.fluxcd.io/v2"
        release.parent = Sample.ref("prod-eu", .kustomization, "apps/cart")
        rehearsal.show(
            "prod-eu",
            [Sample.source("prod-eu"), Sample.applier("prod-eu", "apps/cart"), release]
        )
        rehearsal.select(release.ref)
        let effects = rehearsal.type("X")
        let asked = effects.lazy.compactMap { effect -> (ManifestQuestion, Ticket)? in
            if case .locate(let question, let ticket) = effect { (question, ticket) } else { nil }
        }.first
        let (question, ticket) = try #require(asked)
        let entry = try #require(question.targets.first?.entry)
        #expect(entry.kind == "HelmRelease" && entry.name == "cart" && entry.version == "v2")
        #expect(rehearsal.notices.last?.contains("apps/cart is ready") == true)
        var origins = ManifestOrigins()
        if isFound {
            origins.object = ManifestPlace(file: "apps/cart/release.yaml", line: 1, text: "kind: HelmRelease")
        }
        rehearsal.send(.located(.success([entry: origins]), ticket))
        #expect(rehearsal.state.commits.query?.path == (isFound ? "apps/cart/release.yaml" : "apps/cart"))
        #expect(rehearsal.state.commits.query?.isApplierPath == !isFound)
        #expect(rehearsal.state.commits.applier == release.ref)
    }

    @Test func `a file that is found late limits no other list`() throws {
        var rehearsal = fleet()
        var release = FluxResource(
            ref: Sample.ref("prod-eu", .helmRelease, "apps/cart"),
            kind: .helmRelease,
            state: .failed
        )
        release.parent = Sample.ref("prod-eu", .kustomization, "apps/cart")
        let other = Sample.applier("prod-eu", "apps/web", state: .failed)
        rehearsal.show(
            "prod-eu",
            [Sample.source("prod-eu"), Sample.applier("prod-eu", "apps/cart"), other, release]
        )
        rehearsal.select(release.ref)
        let asked = rehearsal.type("X").lazy.compactMap { effect -> (ManifestQuestion, Ticket)? in
            if case .locate(let question, let ticket) = effect { (question, ticket) } else { nil }
        }.first
        let (question, ticket) = try #require(asked)
        rehearsal.type("<Esc>")
        rehearsal.select(other.ref)
        rehearsal.type("X")
        #expect(rehearsal.state.commits.query?.path == "apps/web")
        var origins = ManifestOrigins()
        origins.object = ManifestPlace(file: "apps/cart/release.yaml", line: 1, text: "kind: HelmRelease")
        let entry = try #require(question.targets.first?.entry)
        rehearsal.send(.located(.success([entry: origins]), ticket))
        #expect(rehearsal.state.commits.query?.path == "apps/web")
    }

    @Test func `c copies the commit and O shows its address`() {
        var rehearsal = opened()
        #expect(rehearsal.type("c") == [.copy(Sample.new)])
        rehearsal.type("O")
        #expect(rehearsal.notices.last == "https://git.example/acme/fleet/commit/\(Sample.new)")
    }

    @Test(
        arguments: [
            ("https://gitlab.example/a/b.git", "https://gitlab.example/a/b/-/commit/abc"),
            ("git@bitbucket.org:a/b", "https://bitbucket.org/a/b/commits/abc"),
            ("/srv/git/fleet.git", nil), ("http://localhost/fleet", nil),
        ] as [(String, String?)]
    )
    func `web addresses are those of the host`(url: String, expected: String?) {
        #expect(RepositoryID(url: url).webAddress(ofCommit: "abc") == expected)
    }
}
