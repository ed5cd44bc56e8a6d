import ClusterModel
import Foundation
import Operations
import SimulatedCloud
import StateStore
import Synchronization

/// The simulated provider in a process of its own: its world is in a file, and the process can be told to die on the way.
/// Serves the project's own tests and is in no help text.
struct Simulation: Sendable {
    /// `$SLIPWAY_SIMULATED_WORLD`, or a file in the state store's folder, or in the working directory.
    let file: WorldFile
    /// With `$SLIPWAY_SIMULATED_KILL=N` the process kills itself at the N-th failpoint, with `$SLIPWAY_SIMULATED_STOP=N` it
    /// stands still there until SIGCONT; `$SLIPWAY_SIMULATED_TRACE` is a file that is given the names of all that are passed.
    let failpoints: Failpoints?

    init(_ surroundings: Surroundings, store: any StateStore) throws {
        let location = URL(string: store.location)
        let folder = location?.isFileURL == true ? location?.path ?? "." : "."
        file = WorldFile(path: surroundings.variable("SLIPWAY_SIMULATED_WORLD") ?? "\(folder)/.simulated-world.json")
        let kill = try Self.number("SLIPWAY_SIMULATED_KILL", surroundings)
        let stop = try Self.number("SLIPWAY_SIMULATED_STOP", surroundings)
        let trace = surroundings.variable("SLIPWAY_SIMULATED_TRACE")
        guard kill != nil || stop != nil || trace != nil else {
            failpoints = nil
            return
        }
        failpoints = Failpoints(
            last: kill ?? stop, end: kill == nil ? .stop : .kill, record: try trace.map { try Simulation.trace($0) })
    }

    private static func number(_ variable: String, _ surroundings: Surroundings) throws -> Int? {
        try surroundings.variable(variable).map { text in
            guard let number = Int(text), number > 0 else {
                throw SlipwayError(.usage, doing: "reading $\(variable)", cause: "'\(text)' is not a number from 1 on")
            }
            return number
        }
    }

    /// - Throws: `.usage` for another cloud than the simulated one while this process is told to die.
    func check(_ provider: CloudProvider) throws {
        guard provider != .simulated, failpoints != nil else { return }
        throw SlipwayError(
            .usage, doing: "choosing a cloud", cause: "$SLIPWAY_SIMULATED_KILL, _STOP and _TRACE are for simulated clusters only"
        )
    }

    private static func trace(_ path: String) throws -> @Sendable (String) -> Void {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        guard let handle = FileHandle(forWritingAtPath: path) else {
            throw SlipwayError(.usage, doing: "reading $SLIPWAY_SIMULATED_TRACE", cause: "\(path) cannot be written")
        }
        let file = Mutex(handle)
        return { name in file.withLock { try? $0.write(contentsOf: Data((name.replacing("\n", with: " ") + "\n").utf8)) } }
    }
}
