import Foundation
import Screen
import Testing
import Views

/// Every screen at the sizes people use, kept as text.
struct GoldenTests {
    struct Picture: CustomStringConvertible, Sendable {
        let act: Act
        let size: Size
        var isASCII = false

        var description: String {
            "\(act)\(isASCII ? "-ascii" : "")-\(size.columns)x\(size.rows)"
        }
    }

    private static let small = Size(columns: 80, rows: 24)
    private static let large = Size(columns: 200, rows: 60)
    private static let middle = Size(columns: 120, rows: 40)

    static let pictures: [Picture] =
        [Size(columns: 40, rows: 12), small, middle, large]
        .map { Picture(act: .fleet, size: $0) }
        + Act.allCases.filter { $0 != .fleet }.flatMap { act in
            [small, act.isWide ? large : middle].map { Picture(act: act, size: $0) }
        } + [
            Picture(act: .fleetSync, size: Size(columns: 40, rows: 12)),
            Picture(act: .fleetSync, size: small, isASCII: true),
            Picture(act: .wall, size: small, isASCII: true),
            Picture(act: .rollback, size: Size(columns: 40, rows: 12)),
            Picture(act: .convergence, size: Size(columns: 40, rows: 12)),
        ]

    @Test(arguments: pictures)
    func `a screen looks as it was agreed`(picture: Picture) throws {
        let frame = picture.act.scene(picture.size).frame(
            picture.size,
            glyphs: picture.isASCII ? .ascii : .unicode
        )
        let text = frame.goldenText()
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Goldens/\(picture).txt")
        if ProcessInfo.processInfo.environment["WEIR_UPDATE_GOLDENS"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
            return
        }
        let golden = try String(contentsOf: file, encoding: .utf8)
        let expected = Frame(golden: golden)?.plainText() ?? golden
        #expect(
            text == golden,
            "\(picture) differs. Expected:\n\(expected)\nGot:\n\(frame.plainText())\nWEIR_UPDATE_GOLDENS=1 rewrites it."
        )
    }
}
