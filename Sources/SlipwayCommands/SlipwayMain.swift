import ArgumentParser
import ClusterModel
import Engine
import Foundation

/// Parses, runs, and turns every failure into one of the documented exit codes.
public enum SlipwayMain {
    public static func run() async -> Never {
        let code = await main(Array(CommandLine.arguments.dropFirst()), console: .standard())
        exit(code)
    }

    static func main(_ arguments: [String], console: Console) async -> Int32 {
        // A reader that closed its end, as `slipway get ... | head` does, is no reason to die in mid-write.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try Slipway.parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return SlipwayExit.done
        } catch {
            return report(error, console: console)
        }
    }

    /// Says what went wrong and gives the exit code.
    static func report(_ error: any Error, console: Console) -> Int32 {
        switch error {
        case let failure as RunFailure:
            console.say(ErrorText.text(failure, console: console))
            return SlipwayExit.code(of: failure)
        case let diagnostics as SpecDiagnostics:
            console.say(diagnostics.render(width: console.width, color: console.color))
            return SlipwayExit.code(of: .invalidSpec)
        case let answer as Answer:
            return answer.code
        case let known as SlipwayError:
            console.say(ErrorText.text(known, console: console))
            return SlipwayExit.code(of: known.code)
        case is CancellationError:
            console.say("interrupted; run the same command again")
            return SlipwayExit.code(of: .tryAgain)
        default:
            // Help, version, completion scripts and usage errors of the parser.
            let text = Slipway.fullMessage(for: error)
            let code = Slipway.exitCode(for: error).rawValue
            if code == 0 { console.print(text) } else { console.say(text) }
            return code == 0 ? 0 : SlipwayExit.code(of: .usage)
        }
    }
}

/// An exit code that needs no more words: the command has said everything.
struct Answer: Error {
    let code: Int32

    static let no = Answer(code: SlipwayExit.code(of: .no))
}
