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

/// What a screen says where little is known, little fits, or little is left to do.
struct WordsTests {
    private static let small = Size(columns: 80, rows: 24)

    private func text(_ state: AppState, _ size: Size) -> String {
        render(state, size: size, glyphs: .unicode, now: SampleFleet.now).frame.plainText()
    }

    @Test(arguments: [small, Size(columns: 120, rows: 40), Size(columns: 200, rows: 60)])
    func `a wall shows no number of a cluster that told none`(size: Size) {
        let id = ClusterID("edge")
        var state = AppState(
            profiles: [ClusterProfile(id: id)],
            isMonitor: true,
            columns: size.columns,
            rows: size.rows
        )
        let early = text(state, size).replacingOccurrences(of: SampleFleet.now.clock.prefix(5), with: "")
        #expect(!early.contains("0"), "before it answers: \(early)")
        let link = ClusterLink.unreachable("it refused the connection.", since: SampleFleet.now)
        _ = reduce(&state, .clusterChanged(ClusterSnapshot(id: id, link: link)), now: SampleFleet.now)
        let wall = text(state, size)
        #expect(wall.contains("nothing is known of it yet"), "\(wall)")
        #expect(wall.contains("refused the connection for"), "\(wall)")
        #expect(!wall.contains("0/0") && !wall.contains("0 drifted") && !wall.contains("0 behind"), "\(wall)")
        #expect(wall.contains("△ –") && wall.contains("↓ –"), "\(wall)")
    }

    @Test func `for how long all are watched is told only where all are`() throws {
        let size = Size(columns: 120, rows: 40)
        var state = AppState(
            profiles: ["a", "b", "none"].map { ClusterProfile(id: ClusterID($0)) },
            columns: size.columns,
            rows: size.rows
        )
        func shows(_ name: String, _ link: ClusterLink, since seconds: Int64?) -> Bool {
            var snapshot = ClusterSnapshot(id: ClusterID(name), link: link)
            snapshot.watchedSince = seconds.map(SampleFleet.ago)
            _ = reduce(&state, .clusterChanged(snapshot), now: SampleFleet.now)
            return text(state, size).contains("watched for 5m")
        }
        _ = reduce(&state, .keyPressed(.character("6")), now: SampleFleet.now)
        #expect(!shows("a", .live, since: 300), "the others have not answered yet")
        #expect(!shows("none", .withoutFlux, since: nil))
        #expect(!shows("b", .live, since: nil), "b is not watched yet")
        #expect(shows("b", .live, since: 900))
        #expect(!shows("b", .unreachable("it is down", since: SampleFleet.now), since: 900))
    }

    @Test func `a terminal that is too small says how large it must be`() {
        let scene = Act.fleet.scene(WordsTests.small)
        #expect(text(scene.state, Size(columns: 20, rows: 5)).contains("weir needs at least"))
        #expect(text(scene.state, Size(columns: 40, rows: 12)).contains("prod-eu"))
    }

    @Test(arguments: [Size(columns: 40, rows: 12), Size(columns: 60, rows: 16), small])
    func `the line at the top cuts no number`(size: Size) {
        let scene = Act.fleet.scene(size)
        let first = text(scene.state, size).prefix { $0 != "\n" }
        #expect(!first.contains("…"), "\(first)")
    }

    @Test func `a notice that is longer than the screen is wide is told whole`() {
        var scene = Act.fleet.scene(WordsTests.small)
        let words = (1...25).map { "word\($0)" }.joined(separator: " ")
        scene.send(.noticed(words, isProblem: true))
        let lines = text(scene.state, WordsTests.small).split(
            separator: "\n",
            omittingEmptySubsequences: false
        )
        let told = lines.suffix(4).joined(separator: " ")
        #expect(told.contains("word1 ") && told.contains("word25"), "\(told)")
    }

    @Test func `a low plan shows the gravest warning first and counts the rest`() {
        var scene = Act.rollback.scene(WordsTests.small)
        let first = text(scene.state, WordsTests.small)
        let place = { (words: String) in first.range(of: words)?.lowerBound }
        if let caution = place("Before you go"), let who = place("Who changes") {
            #expect(caution < who, "\(first)")
        } else {
            #expect(first.contains("Before you go"), "\(first)")
        }
        #expect(first.contains("below: j scrolls"), "\(first)")
        for _ in 0..<40 {
            scene.type("j")
        }
        let last = text(scene.state, WordsTests.small)
        #expect(!last.contains("below: j scrolls"), "\(last)")
        #expect(last.contains("Who changes"), "\(last)")
    }

    @Test func `undo names what it takes back before it does`() throws {
        var scene = Act.fleetSync.scene(WordsTests.small)
        scene.type("gs<Enter>prod-eu<Enter>")
        let ref = try #require(scene.state.selectedRef)
        var snapshot = try #require(scene.sample.snapshots.first { $0.id == ref.cluster })
        var resource = try #require(snapshot.resources[ref])
        resource.isSuspended = true
        resource.state = .suspended
        snapshot.resources[ref] = resource
        scene.send(.clusterChanged(snapshot))
        scene.type("z")
        let dialog = text(scene.state, WordsTests.small)
        #expect(dialog.contains("Undo suspending: Resume \(ref.path)"), "\(dialog)")
    }

    @Test func `a filter names its terms, and what of it means nothing`() {
        var scene = Act.fleetSync.scene(WordsTests.small)
        scene.type("/")
        #expect(text(scene.state, WordsTests.small).contains("name: kind: ns: state: age:"))
        scene.type("foo:bar")
        #expect(text(scene.state, WordsTests.small).contains("no term is called foo:"))
    }

    @Test func `while changes leave, the last line says why weir stays`() {
        let size = WordsTests.small
        var state = Act.fleetSync.scene(size).state
        for key in "Rprod-eu" {
            _ = reduce(&state, .keyPressed(.character(key)), now: SampleFleet.now)
        }
        _ = reduce(&state, .keyPressed(.enter), now: SampleFleet.now)
        _ = reduce(&state, .keyPressed(.character("q")), now: SampleFleet.now)
        #expect(text(state, size).contains("sending 1 change before weir quits"), "\(text(state, size))")
    }
}
