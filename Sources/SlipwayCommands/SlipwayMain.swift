import ArgumentParser
import ClusterModel
import Engine
import Foundation

/// Parses, runs, and turns every failure into one of the documented exit codes.
public enum SlipwayMain {
    public static func run() async -> Never {
        // Read, and then out of what children would inherit.
        let surroundings = Surroundings.process
        unsetenv("SLIPWAY_PASSPHRASE")
        let code = await main(Array(CommandLine.arguments.dropFirst()), in: surroundings)
        // Not `exit`: it takes OpenSSL down while a connection's thread may still be saying goodbye. Everything that is
        // written goes out unbuffered or is flushed here.
        fflush(nil)
        _exit(code)
    }

    /// Runs one command line. Never exits the process: whoever calls does, with the code that comes back.
    static func main(_ arguments: [String], in surroundings: Surroundings) async -> Int32 {
        // A reader that closed its end, as `slipway get ... | head` does, is no reason to die in mid-write.
        signal(SIGPIPE, SIG_IGN)
        return await Surroundings.$current.withValue(surroundings) {
            do {
                var command = try await Slipway.asyncParseAsRoot(arguments)
                if var asynchronous = command as? any AsyncParsableCommand {
                    try await asynchronous.run()
                } else {
                    try command.run()
                }
                return SlipwayExit.done
            } catch {
                return report(error, console: surroundings.console)
            }
        }
    }

    /// Says what went wrong and gives the exit code.
    static func report(_ error: any Error, console: Console) -> Int32 {
        switch error {
        case let failure as RunFailure:
            console.say(ErrorText.text(failure, page: console.messages))
            return SlipwayExit.code(of: failure)
        case let diagnostics as SpecDiagnostics:
            console.say(diagnostics.render(width: console.messages.width, color: console.messages.color))
            return SlipwayExit.code(of: .invalidSpec)
        case let answer as Answer:
            return answer.code
        case let known as SlipwayError:
            console.say(ErrorText.text(known, page: console.messages))
            return SlipwayExit.code(of: known.code)
        case is CancellationError:
            console.say("interrupted; run the same command again")
            return SlipwayExit.code(of: .tryAgain)
        default:
            switch Slipway.exitCode(for: error) {
            case .success:
                // Help, version, completion scripts.
                console.print(Slipway.fullMessage(for: error, columns: console.output.width))
                return SlipwayExit.done
            case .validationFailure:
                console.say(Slipway.fullMessage(for: error, columns: console.messages.width))
                return SlipwayExit.code(of: .usage)
            default:
                let unforeseen = SlipwayError(
                    .bug, doing: "running the command", cause: "\(error)", hint: "this is a bug in Slipway; please report it")
                return report(unforeseen, console: console)
            }
        }
    }
}

/// An exit code that needs no more words: the command has said everything.
struct Answer: Error {
    let code: Int32

    static let no = Answer(code: SlipwayExit.code(of: .no))
}
