package import Chrono
package import Kube

/// How the tiles of the wall are put into pages, and which page is shown when.
package struct WallPages: Sendable {
    /// The least lines of a tile that says something.
    private static let least = 6
    /// Seconds that a page stays; one with a failure stays twice as long.
    private static let stay: Int64 = 15
    /// The least lines of a screen that has room for a strip of events.
    private static let stripFrom = 16

    /// Tiles side by side.
    package let across: Int
    /// Tiles one above the other.
    package let down: Int
    package let pages: [[ClusterID]]
    /// Seconds that each page stays.
    private let stays: [Int64]

    /// Lines of events below the tiles, without their heading, on a screen of so many lines.
    package static func strip(height: Int, events: Int) -> Int {
        height < stripFrom ? 0 : min(events, max(2, height / 8))
    }

    /// - Shape: `width` and `height` are those of the room for tiles; nil where no tile fits or there is none.
    package init?(_ state: AppState, width: Int, height: Int) {
        let clusters = state.fleet.clusterRows
        guard !clusters.isEmpty, width > 10, height > 2 else {
            return nil
        }
        let across = WallPages.across(clusters.count, width: width, height: height)
        let fitting = max(1, height / WallPages.least)
        let pages = stride(from: 0, to: clusters.count, by: across * fitting).map { start in
            Array(clusters[start..<min(clusters.count, start + across * fitting)])
        }
        self.across = across
        self.pages = pages
        down = pages.count > 1 ? fitting : (clusters.count + across - 1) / across
        stays = pages.map { page in
            let isTroubled = page.contains { (state.clusters[$0]?.summary.counts.troubled ?? 0) > 0 }
            return WallPages.stay * (isTroubled ? 2 : 1)
        }
    }

    /// The page that is shown at a moment.
    package func page(at moment: Timestamp) -> Int { turn(moment).page }

    /// When the page after the one of this moment comes; nil where there is but one.
    func nextTurn(after moment: Timestamp) -> Timestamp? {
        pages.count > 1 ? Timestamp(seconds: moment.seconds + turn(moment).left) : nil
    }

    private func turn(_ moment: Timestamp) -> (page: Int, left: Int64) {
        var rest = max(0, moment.seconds) % max(1, stays.reduce(0, +))
        for (index, stay) in stays.enumerated() {
            if rest < stay {
                return (index, stay - rest)
            }
            rest -= stay
        }
        return (0, WallPages.stay)
    }

    /// As many columns as make the tiles about four times as wide as high, in cells.
    private static func across(_ count: Int, width: Int, height: Int) -> Int {
        func badness(_ across: Int) -> Int {
            let down = (count + across - 1) / across
            let overflow = max(0, down * least - height) * 1000
            return overflow + abs(width / across - 4 * (height / max(down, 1)))
        }
        return (1...max(1, min(count, width / 30))).min { badness($0) < badness($1) } ?? 1
    }
}

extension AppState {
    /// The moment whose page is shown: pages that were stopped stay where they were.
    package func wallMoment(_ now: Timestamp) -> Timestamp {
        wallPaused ?? held?.since ?? now
    }

    /// When the wall shows another page by itself.
    func nextWallTurn(_ now: Timestamp) -> Timestamp? {
        guard wallPaused == nil, held == nil else {
            return nil
        }
        // The line at the top and that at the bottom are not the wall's.
        let height = rows - 2
        let strip = WallPages.strip(height: height, events: events.newest.count)
        let room = height - (strip == 0 ? 0 : strip + 1)
        return WallPages(self, width: columns, height: room)?.nextTurn(after: now)
    }
}
