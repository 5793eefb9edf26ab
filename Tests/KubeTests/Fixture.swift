import Foundation

/// Recorded bytes under Tests/Fixtures.
enum Fixture {
    static func bytes(_ path: String, from file: String = #filePath) throws -> [UInt8] {
        let root = URL(fileURLWithPath: file).deletingLastPathComponent().deletingLastPathComponent()
        return try [UInt8](Data(contentsOf: root.appendingPathComponent("Fixtures/\(path)")))
    }

    static func names(_ folder: String, from file: String = #filePath) throws -> [String] {
        let root = URL(fileURLWithPath: file).deletingLastPathComponent().deletingLastPathComponent()
        return try FileManager.default.contentsOfDirectory(
            atPath: root.appendingPathComponent("Fixtures/\(folder)").path
        ).sorted()
    }
}
