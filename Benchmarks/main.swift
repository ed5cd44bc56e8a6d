import Foundation

// The measurements of `make bench` that need no machine. `scripts/bench` runs it and makes a table of its lines.

#if DEBUG
    note("configuration: debug")
#else
    note("configuration: release")
#endif
do {
    for part in CommandLine.arguments.dropFirst() {
        switch part {
        case "planning": try PlanningBench.run()
        case "rolls": try await RollBench.run()
        case "calls": try await CallsBench.run()
        case "state": try await StateBench.run()
        case "aws": try await AWSBench.run()
        default: throw Surprise("no such part: \(part)")
        }
    }
} catch {
    FileHandle.standardError.write(Data("slipway-bench: \(error)\n".utf8))
    exit(1)
}
