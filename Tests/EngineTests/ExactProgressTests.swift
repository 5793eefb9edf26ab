import Chrono
import Dashboard
import HashTreeCollections
import Kube
import Testing

@testable import Engine

/// Which clusters are waited for while exact drift is asked for.
struct ExactProgressTests {
    private static let id = ClusterID("a")
    private static let now = Timestamp(seconds: 1_800_000_000)
    private static let second: Int64 = 1_000_000_000

    private struct Question {
        var state: AppState
        var progress: ExactProgress
        let ref: ObjectRef
        let ticket: Ticket

        mutating func send(_ event: Event) {
            _ = reduce(&state, event, now: ExactProgressTests.now)
        }

        mutating func look(after seconds: Int64) -> Bool {
            progress.take(state, now: seconds * ExactProgressTests.second)
            return progress.isOpen
        }
    }

    private static func asked() throws -> Question {
        let ref = ObjectRef(
            cluster: id,
            group: FluxKind.helmGroup,
            kind: "HelmRelease",
            namespace: "apps",
            name: "cart"
        )
        var release = FluxResource(ref: ref, kind: .helmRelease, state: .ready)
        release.applier = ApplierFacts(source: nil, prunes: true, waits: true, dependsOn: [])
        var snapshot = ClusterSnapshot(id: id, link: .live)
        snapshot.resources[ref] = release
        var state = AppState(profiles: [ClusterProfile(id: id)])
        _ = reduce(&state, .clusterChanged(snapshot), now: now)
        let tickets = state.orderExactDrift(of: [ref]).compactMap { effect -> Ticket? in
            if case .compareExactly(_, let ticket) = effect { ticket } else { nil }
        }
        var progress = ExactProgress([ref], limit: .seconds(20), now: 0)
        progress.take(state, now: 0)
        return Question(state: state, progress: progress, ref: ref, ticket: try #require(tickets.first))
    }

    @Test func `a cluster that says nothing is waited for no longer than the limit`() throws {
        var question = try ExactProgressTests.asked()
        #expect(!question.progress.isNew(question.state))
        let stays = question.look(after: 19)
        let goes = question.look(after: 20)
        #expect(stays && !goes)
    }

    @Test func `time that weir's own builds take is no silence of the cluster`() throws {
        var question = try ExactProgressTests.asked()
        question.send(.exactProgressed(question.ref, isBuilding: true, question.ticket))
        #expect(question.progress.isNew(question.state))
        let whileBuilding = [19, 39, 99].map { question.look(after: $0) }
        question.send(.exactProgressed(question.ref, isBuilding: false, question.ticket))
        let afterwards = [100, 119, 120].map { question.look(after: $0) }
        #expect(whileBuilding == [true, true, true] && afterwards == [true, true, false])
    }

    @Test func `a cluster whose objects answer one by one is not silent`() throws {
        var question = try ExactProgressTests.asked()
        for seconds in stride(from: Int64(15), to: 90, by: 15) {
            question.send(.exactProgressed(question.ref, isBuilding: false, question.ticket))
            let isOpen = question.look(after: seconds)
            #expect(isOpen)
        }
        let failure = ActionFailure(.other, "no")
        question.send(.exactlyCompared(question.ref, .failure(failure), question.ticket))
        let isOpen = question.look(after: 90)
        #expect(!isOpen)
    }
}
