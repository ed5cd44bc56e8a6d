import ClusterModel
import Engine
import Operations

/// Shows a plan before it is carried out, and says at the end what came of it.
struct Preview: Sendable {
    let console: Console
    let options: RunOptions

    func show(_ plan: Plan) {
        do {
            // A plan is data when it was asked for; while it is carried out it is talk.
            let isTalk = options.yes && options.output == .table
            let page = isTalk ? console.messages : console.output
            let text = try Render.text("Plan", plan, as: options.output) { PlanText(plan: plan, page: page).text }
            if isTalk { console.say(text) } else { console.print(text) }
        } catch {
            console.say("the plan cannot be shown: \(error)")
        }
    }

    /// - Throws: `Answer.no` for a preview with something to do, when that was asked for.
    func finish(_ result: OperationResult, command: String) throws {
        if let report = result.report {
            console.say("finished: \(report.summary)")
        } else if !result.plan.isEmpty, !options.yes {
            console.say("Nothing was changed. To carry this out: \(command) --yes")
            if options.detailedExitCode { throw Answer.no }
        }
    }
}
