import ClusterModel
import Engine

/// The one table from kinds of failure to exit codes. Documented in the README; tests hold every row.
enum SlipwayExit {
    static let done: Int32 = 0

    static func code(of error: SlipwayError.Code) -> Int32 {
        switch error {
        case .failed: 1
        case .no: 2
        case .usage: 64
        case .invalidSpec: 65
        case .notFound: 66
        case .unreachable: 69
        case .bug: 70
        case .exists: 73
        case .tryAgain: 75
        case .refused: 77
        }
    }

    /// A run with several failures exits with the gravest: a bug first, then a refusal, then plain failure; what a
    /// second run may mend comes last.
    static func code(of failure: RunFailure) -> Int32 {
        let gravity: [SlipwayError.Code] = [
            .bug, .refused, .failed, .invalidSpec, .notFound, .exists, .unreachable, .no, .usage, .tryAgain,
        ]
        let codes = Set(failure.report.errors.map(\.code))
        return code(of: gravity.first { codes.contains($0) } ?? .failed)
    }
}
