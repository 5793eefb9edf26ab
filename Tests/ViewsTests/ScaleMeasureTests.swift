import Chrono
import Dashboard
import Foundation
import Git
import HashTreeCollections
import Keys
import Kube
import Screen
import Testing
import Views

/// What a fold and a frame cost on a large fleet; prints figures and judges none of them.
///
/// The time is that of the thread, so that what else the machine does counts little.
/// `WEIR_MEASURE=1 swift test -c release --filter ScaleMeasureTests` runs it.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["WEIR_MEASURE"] == "1"))
struct ScaleMeasureTests {
    private struct Stage {
        let fleet = LargeFleet()
        var state: AppState
        var snapshots: [ClusterSnapshot]
        var now = SampleFleet.now
        var round = 1
        /// The longest that anybody had to wait for one event.
        var longest = Duration.zero

        init() {
            let profiles = fleet.clusters.map { ClusterProfile(id: $0) }
            state = AppState(profiles: profiles, columns: 120, rows: 40)
            let made = fleet
            snapshots = made.clusters.indices.map { made.snapshot($0) }
            send(.repositoryChanged(fleet.repository))
            for snapshot in snapshots {
                send(.clusterChanged(snapshot))
            }
        }

        mutating func send(_ event: Event) {
            var effects: [Effect] = []
            longest = max(longest, ThreadTime.measure { effects = reduce(&state, event, now: now) })
            for effect in effects {
                switch effect {
                case .carryOn: send(.carriedOn)
                case .measure(let keys):
                    let fleet = fleet
                    let answers = keys.map { ($0, fleet.distance($0)) }
                    send(.distancesMeasured(Dictionary(uniqueKeysWithValues: answers)))
                case .loadLog(let query, let offset, _, let ticket):
                    let page = LogPage(
                        query: query,
                        tip: LargeFleet.commits[0],
                        offset: offset,
                        commits: fleet.log,
                        isLast: true
                    )
                    send(.logLoaded(.success(page), ticket))
                case .loadDiff(_, let commit, let ticket):
                    send(.diffLoaded(commit: commit, .success(CommitDiff(files: [])), ticket))
                default: break
                }
            }
        }

        /// One object of one cluster changes, as a watch tells it.
        mutating func change() -> ClusterSnapshot {
            let place = round * 7 % fleet.clusters.count
            let applier = fleet.applier(place, 1 + round * 13 % (fleet.size - 1), round: round / 100 + 1)
            snapshots[place].put(applier)
            snapshots[place].events.removeLast()
            snapshots[place].events.insert(fleet.event(of: applier, 0), at: 0)
            round += 1
            return snapshots[place]
        }

        mutating func frame() -> Frame {
            now = now.advanced(by: .milliseconds(16))
            _ = nextChange(state, now: now)
            return render(state, size: Size(columns: 120, rows: 40), glyphs: .unicode, now: now).frame
        }
    }

    private func tell(_ name: String, _ times: [Duration]) {
        let sorted = times.sorted()
        func words(_ share: Double) -> String {
            let time = sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
            let milliseconds =
                Double(time.components.seconds) * 1e3 + Double(time.components.attoseconds) / 1e15
            return String(format: "%7.2f ms", milliseconds)
        }
        let label = name.padding(toLength: 44, withPad: " ", startingAt: 0)
        print("measured \(label) p50 \(words(0.5))  p99 \(words(0.99))  max \(words(1))")
    }

    private func measure(_ name: String, times: Int, _ body: (Int) -> Void) {
        tell(name, (0..<times).map { turn in ThreadTime.measure { body(turn) } })
    }

    @Test func `folds and frames on a hundred clusters of a thousand objects`() {
        var made: Stage?
        let opening = ThreadTime.measure { made = Stage() }
        guard var stage = made else {
            return
        }
        print("measured first picture of all: \(opening), longest fold \(stage.longest)")
        #expect(stage.state.totals.counts.total == 100_000)
        measure("one changed object, folded", times: 500) { _ in
            stage.send(.clusterChanged(stage.change()))
        }
        measure("frame, fleet", times: 200) { _ in _ = stage.frame() }
        let screens = ["1", "1<Tab>", "2", "3", "6", "7", ":wall<Enter>"]
        for screen in screens {
            let opened = ThreadTime.measure {
                type("1" + screen, &stage)
                _ = stage.frame()
            }
            tell("open \(screen)", [opened])
            measure("\(screen): four changes, a key, a frame", times: 200) { turn in
                for _ in 0..<4 {
                    stage.send(.clusterChanged(stage.change()))
                }
                type(turn % 20 < 10 ? "j" : "k", &stage)
                _ = stage.frame()
            }
        }
        for screen in ["1/", "1<Tab>/", "2/", "6/"] {
            type("<Esc>1" + screen, &stage)
            let letters = Array("service-4")
            measure("\(screen): a letter of a filter, a frame", times: letters.count) { turn in
                type(String(letters[turn]), &stage)
                _ = stage.frame()
            }
            type("<Esc><Esc>", &stage)
        }
        stage.longest = .zero
        measure("a new head, with its distances", times: 3) { turn in
            var repository = stage.fleet.repository
            repository = RepositorySnapshot(
                id: repository.id,
                url: repository.url,
                heads: ["refs/heads/main": LargeFleet.commits[turn + 1]],
                fetched: stage.now,
                health: .current
            )
            stage.send(.repositoryChanged(repository))
        }
        print("measured longest fold of a new head: \(stage.longest)")
    }

    private func type(_ keys: String, _ stage: inout Stage) {
        var rest = Substring(keys)
        while let character = rest.popFirst() {
            var key = Key.character(character)
            if character == "<", let end = rest.firstIndex(of: ">"),
                let named = Key(notation: String(rest[..<end]))
            {
                key = named
                rest = rest[rest.index(after: end)...]
            }
            stage.send(.keyPressed(key))
        }
    }
}

/// The processor time of the thread that asks.
private enum ThreadTime {
    static func measure(_ body: () -> Void) -> Duration {
        let start = now
        body()
        return now - start
    }

    private static var now: Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
