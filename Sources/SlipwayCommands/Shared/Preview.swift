import ClusterModel
import Engine
import Operations

/// Shows a plan before it is carried out, and says at the end what came of it.
struct Preview: Sendable {
    let console: Console
    var output: OutputFormat
    /// Whether it is carried out right after it was shown.
    var isCarriedOut = false
    var detailedExitCode: Bool

    init(console: Console, output: OutputFormat, detailedExitCode: Bool) {
        self.console = console
        self.output = output
        self.detailedExitCode = detailedExitCode
    }

    init(console: Console, options: RunOptions) {
        self.init(console: console, output: options.output, detailedExitCode: options.detailedExitCode)
        isCarriedOut = options.yes
    }

    func show(_ plan: Plan) {
        do {
            // A plan is data when it was asked for; while it is carried out it is talk.
            let isTalk = isCarriedOut && output == .table
            let page = isTalk ? console.messages : console.output
            let text = try Render.text("Plan", plan, as: output) { PlanText(plan: plan, page: page).text }
            if isTalk { console.say(text) } else { console.print(text) }
        } catch {
            console.say("the plan cannot be shown: \(error)")
        }
    }

    /// - Parameter next: what carries the plan out.
    /// - Throws: `Answer.no` for a preview with something to do, when that was asked for.
    func finish(_ result: OperationResult, next: String = "the same command with --yes") throws {
        if let report = result.report {
            console.say("finished: \(report.summary)")
        } else if !result.plan.isEmpty, !isCarriedOut {
            console.say("Nothing was changed. To carry this out: \(next)")
            if detailedExitCode { throw Answer.no }
        }
    }
}
