import ArgumentParser
import ClusterModel
import Foundation

struct ManPages: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "man", abstract: "Write the manual pages, one a command.",
        usage: "slipway man <folder>",
        discussion: "For man 1: slipway man /usr/local/share/man/man1. make install does so.")

    @Argument(help: "Where to; made when it is not there.", completion: .directory) var folder: String

    func run() async throws {
        let pages = try ManPage.all()
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for page in pages {
                try Data(page.text.utf8).write(to: URL(fileURLWithPath: folder).appendingPathComponent(page.file), options: .atomic)
            }
        } catch {
            throw SlipwayError(.failed, doing: "writing the manual pages to \(folder)", cause: error.localizedDescription)
        }
        Console.current.say("wrote \(pages.count) manual pages to \(folder)")
    }
}

/// A command's manual page, made of what its help is made of.
struct ManPage {
    /// `slipway`, `create`, `cluster`
    let path: [String]
    let command: any ParsableCommand.Type
    let options: [Option]

    /// As ArgumentParser describes an argument.
    struct Option: Decodable {
        struct Name: Decodable {
            var kind: String
            var name: String
        }
        var kind: String
        var names: [Name]?
        var valueName: String?
        var abstract: String?
        var shouldDisplay: Bool?
    }

    private struct Tool: Decodable { var command: Node }
    private struct Node: Decodable {
        var commandName: String
        var subcommands: [Node]?
        var arguments: [Option]?
    }

    static func all() throws -> [ManPage] {
        let tool = try JSONDecoder().decode(Tool.self, from: Data(Slipway._dumpHelp().utf8))
        var pages: [ManPage] = []
        func walk(_ command: any ParsableCommand.Type, _ node: Node?, _ path: [String]) {
            let path = path + [command._commandName]
            pages.append(ManPage(path: path, command: command, options: (node?.arguments ?? []).filter { $0.shouldDisplay != false }))
            for child in command.configuration.subcommands where child.configuration.shouldDisplay {
                walk(child, node?.subcommands?.first { $0.commandName == child._commandName }, path)
            }
        }
        walk(Slipway.self, tool.command, [])
        return pages
    }

    var name: String { path.joined(separator: "-") }
    var file: String { "\(name).1" }

    var text: String {
        let configuration = command.configuration
        var lines = [
            ".TH \(ManPage.escaped(name.uppercased())) 1 \"\" \"slipway \(SlipwayVersion.text)\" \"Slipway\"", ".SH NAME",
            "\(ManPage.escaped(name)) \\- \(ManPage.escaped(configuration.abstract))", ".SH SYNOPSIS",
        ]
        let usage = configuration.usage ?? (path.joined(separator: " ") + (configuration.subcommands.isEmpty ? " [options]" : " <command>"))
        lines += [".nf", ManPage.escaped(usage), ".fi"]
        if !configuration.discussion.isEmpty { lines += [".SH DESCRIPTION"] + ManPage.paragraphs(configuration.discussion) }
        let shown = configuration.subcommands.filter { $0.configuration.shouldDisplay }
        if !shown.isEmpty {
            lines.append(".SH COMMANDS")
            for child in shown {
                lines += [".TP", ".B \(ManPage.escaped(child._commandName))", ManPage.escaped(child.configuration.abstract)]
            }
        }
        if !options.isEmpty {
            lines.append(".SH OPTIONS")
            for option in options { lines += [".TP", ManPage.heading(option), ManPage.escaped(option.abstract ?? "")] }
        }
        let others = [path.dropLast().joined(separator: "-")] + shown.map { "\(name)-\($0._commandName)" }
        lines += [".SH SEE ALSO", others.filter { !$0.isEmpty }.map { ".BR \(ManPage.escaped($0)) (1)" }.joined(separator: ",\n")]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func heading(_ option: Option) -> String {
        let names = (option.names ?? []).map { $0.kind == "short" ? "-\($0.name)" : "--\($0.name)" }
        let value = option.valueName.map { " <\($0)>" } ?? ""
        switch option.kind {
        case "positional": return ".I \(escaped(String(value.dropFirst())))"
        case "flag": return ".B \(escaped(names.joined(separator: ", ")))"
        default: return ".B \(escaped(names.joined(separator: ", ") + value))"
        }
    }

    /// Indented lines are examples and keep their form.
    private static func paragraphs(_ text: String) -> [String] {
        var lines: [String] = []
        var isExample = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("  ") != isExample, !line.isEmpty {
                isExample.toggle()
                lines += isExample ? [".nf", ".RS"] : [".RE", ".fi"]
            }
            lines.append(line.isEmpty ? (isExample ? "" : ".PP") : escaped(isExample ? String(line.dropFirst(2)) : String(line)))
        }
        return isExample ? lines + [".RE", ".fi"] : lines
    }

    /// Nothing of it is a request to the typesetter.
    static func escaped(_ text: String) -> String {
        let safe = text.replacing("\\", with: "\\e").replacing("-", with: "\\-").replacing("\n", with: " ")
        return safe.hasPrefix(".") || safe.hasPrefix("'") ? "\\&" + safe : safe
    }
}
