import ArgumentParser
import ClusterModel
import Foundation
import Operations

struct Edit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Edit a cluster's spec.", subcommands: [EditClusterCommand.self])
}

struct EditClusterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster",
        abstract: "Open a cluster's stored spec in your editor and store what you make of it.",
        usage: "slipway edit cluster <name> [options]",
        discussion: """
            The editor is $VISUAL, else $EDITOR, else vi. A file with errors is opened again when you say so, and kept otherwise: nothing \
            that you wrote is lost. Touches no machine: slipway update cluster NAME shows what follows from it.
            """)

    @Argument(help: "The cluster's name.", completion: LiveNames.clusters) var name: String
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let console = Console.current
        try await World.with(store) { context in
            let stored = try await Inspect(context).spec(name)
            let file = try EditedFile(SpecEncoder.yaml(stored), name: "\(name).yaml")
            do {
                guard let cluster = try edited(file, console: console) else {
                    file.remove()
                    return console.say("no changes: the file was closed as it was opened")
                }
                try OpenToWorld.check(cluster, allowed: !stored.fieldsOpenToWorld.isEmpty)
                StoredSpec.say(try await ReplaceSpec(context)(cluster, basis: stored), of: name, console: console)
                file.remove()
            } catch {
                if file.isChanged {
                    console.say("what you wrote is kept in \(file.path); once it is right: slipway replace -f \(file.path)")
                } else {
                    file.remove()
                }
                throw error
            }
        }
    }

    /// Opens the file until it holds a valid spec or the person has had enough. Nil when nothing was changed.
    private func edited(_ file: EditedFile, console: Console) throws -> Cluster? {
        while true {
            try file.open(environment: Surroundings.current.environment)
            guard file.isChanged else { return nil }
            do {
                return try SpecFile.read(file.path, name: name, console: console)
            } catch let diagnostics as SpecDiagnostics {
                console.say(diagnostics.render(width: console.messages.width, color: console.messages.color))
                console.say("press Enter to open the file again, or type q to leave it")
                // Nobody to ask: the errors were said already, but whoever called has to say them as the last word.
                guard let answer = Surroundings.current.answer(), answer.lowercased() != "q" else {
                    throw Answer(code: SlipwayExit.code(of: .invalidSpec))
                }
            }
        }
    }
}

/// A file of one's own for an editor to work on.
private struct EditedFile {
    let path: String
    private let original: String

    init(_ text: String, name: String) throws {
        var template = Array((FileManager.default.temporaryDirectory.appendingPathComponent("slipway-edit.XXXXXX").path).utf8CString)
        guard mkdtemp(&template) != nil else {
            throw SlipwayError(.failed, doing: "making a file to edit", cause: String(cString: strerror(errno)))
        }
        let folder = template.withUnsafeBufferPointer { buffer in
            String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        path = URL(fileURLWithPath: folder).appendingPathComponent(name).path
        original = text
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    /// True also when it cannot be read any more: then it is not what it was.
    var isChanged: Bool { FileManager.default.contents(atPath: path) != Data(original.utf8) }

    func open(environment: [String: String]) throws {
        let named = ["VISUAL", "EDITOR"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? "vi"
        // An editor may be a command with arguments, as 'code --wait'.
        let status = try Foreground.run("/bin/sh", ["-c", "\(named) \"$1\"", "sh", path], environment: environment)
        guard status == 0 else {
            throw SlipwayError(
                .failed, doing: "editing \(path)", cause: "the editor '\(named)' ended with \(status)",
                hint: status == 127 ? "name an editor that is installed in $EDITOR" : nil)
        }
    }

    func remove() { try? FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent) }
}
