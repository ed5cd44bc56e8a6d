import Foundation
import Testing

/// Files with what is wanted. `SLIPWAY_REFRESH_GOLDEN=1` writes them anew, for a person to read in the diff.
enum Golden {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Golden")

    private static let isRefreshing = ProcessInfo.processInfo.environment["SLIPWAY_REFRESH_GOLDEN"] == "1"

    static func expect(_ text: String, equals name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let file = folder.appendingPathComponent(name)
        if isRefreshing {
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
            return
        }
        let wanted = try String(decoding: Data(contentsOf: file), as: UTF8.self)
        #expect(text == wanted, "differs from Golden/\(name)", sourceLocation: sourceLocation)
    }

    static func input(_ name: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: folder.appendingPathComponent(name))) }
}
