import ClusterModel

extension LiveView {
    /// The lines to show now. No line is wider than the page and there are never more than `height`; what is done is the
    /// first to be left out, then what waits, then what is at work.
    /// - Parameter elapsed: seconds since the run began.
    func frame(_ page: Page, height: Int, elapsed: Double) -> [String] {
        let width = max(page.width, 20)
        let shown = choose(lines: max(1, height) - 1 - groups.count)
        let names = groups.flatMap(\.branches).compactMap(\.machine).map(\.count)
        let column = min(names.max() ?? 0, width / 2)
        var lines = [header(page, elapsed: elapsed)]
        for (index, group) in groups.enumerated() {
            lines.append(title(group, hidden: group.branches.indices.filter { !shown.contains(Place(index, $0)) }, page))
            for (branchIndex, branch) in group.branches.enumerated() where shown.contains(Place(index, branchIndex)) {
                lines.append(line(branch, column: column, page, width: width, elapsed: elapsed))
            }
        }
        return Array(lines.prefix(max(1, height)))
    }

    private struct Place: Hashable {
        let group: Int
        let branch: Int

        init(_ group: Int, _ branch: Int) {
            self.group = group
            self.branch = branch
        }
    }

    /// The branches that have room, the gravest first.
    private func choose(lines: Int) -> Set<Place> {
        var all: [(stage: Stage, place: Place)] = []
        for (index, group) in groups.enumerated() {
            for (branchIndex, branch) in group.branches.enumerated() { all.append((branch.stage, Place(index, branchIndex))) }
        }
        // The order of the plan among equals, so that lines stay where they are.
        let ranked = all.enumerated().sorted { ($0.element.stage, $0.offset) < ($1.element.stage, $1.offset) }
        return Set(ranked.prefix(max(0, lines)).map(\.element.place))
    }

    private func header(_ page: Page, elapsed: Double) -> String {
        let stages = groups.flatMap(\.branches).flatMap(\.steps).map(\.stage)
        let failed = stages.count { $0 == .failed }
        let text =
            "\(plan.intent.rawValue) cluster \(plan.cluster.name)   \(EventLines.elapsed(elapsed).prefix(5))   \(done)/\(plan.steps.count) steps"
            + (remaining(elapsed).map { "   about \(EventLines.duration($0.rounded())) left" } ?? "")
        return page.styled(cut(text, page.width), .bold) + (failed > 0 && page.width > 60 ? page.styled("   \(failed) failed", .red) : "")
    }

    private func title(_ group: Group, hidden: [Int], _ page: Page) -> String {
        let machines = group.branches.count { $0.machine != nil }
        var text = "  " + group.name + (machines > 0 ? "   \(counted(machines, "machine"))" : "")
        // What has no line of its own is counted.
        let stages = hidden.map { group.branches[$0].stage }
        let words: [(Stage, String)] = [
            (.failed, "failed"), (.retrying, "retrying"), (.running, "at work"), (.waiting, "waiting"), (.leftOut, "left out"),
            (.done, "done"),
        ]
        let counts = words.compactMap { stage, word in
            let count = stages.count { $0 == stage }
            return count > 0 ? "\(count) \(word)" : nil
        }
        if !counts.isEmpty {
            text += machines > 0 ? ", \(counts.joined(separator: ", "))" : "   \(words.first { stages.contains($0.0) }?.1 ?? "")"
        }
        return cut(text, page.width)
    }

    private func line(_ branch: Branch, column: Int, _ page: Page, width: Int, elapsed: Double) -> String {
        let name = branch.machine.map { cut($0, column) } ?? ""
        let padded = branch.machine == nil ? "" : name + String(repeating: " ", count: max(0, column - name.count) + 2)
        let (mark, style): (String, Page.Style) =
            switch branch.stage {
            case .failed: ("x", .red)
            case .retrying: ("!", .yellow)
            case .running: (">", .bold)
            case .waiting: (".", .dim)
            case .leftOut: ("-", .yellow)
            case .done: ("+", .green)
            }
        let time = time(branch, elapsed: elapsed)
        let used = 6 + padded.count + (time.isEmpty ? 0 : time.count + 2)
        let text = cut(words(branch), max(0, width - used))
        let tail = time.isEmpty ? "" : String(repeating: " ", count: max(2, width - used - text.count + 2)) + page.styled(time, .dim)
        return trimmingEnd("    " + page.styled(mark, style) + " " + padded + text + tail)
    }

    private func words(_ branch: Branch) -> String {
        guard let current = branch.current else { return "" }
        let what = current.step.action.name.rawValue.replacing("-", with: " ")
        let message = current.message.harmless.replacing("\n", with: " ")
        switch branch.stage {
        case .failed: return "\(what) failed: \(message)"
        case .retrying: return "\(what), again after \(message)"
        case .running:
            let retries = current.retries > 0 ? " (\(counted(current.retries, "retry", "retries")))" : ""
            return what + retries + (message.isEmpty ? "" : ": \(message)")
        case .waiting: return branch.finished == 0 ? "waiting" : "\(branch.finished)/\(branch.steps.count), waiting for: \(what)"
        case .leftOut: return "\(what) left out"
        case .done: return "done"
        }
    }

    /// How long what is at work takes already, or how long all of it took.
    private func time(_ branch: Branch, elapsed: Double) -> String {
        switch branch.stage {
        case .running, .retrying: branch.current.map { EventLines.duration(max(0, elapsed - $0.began)) } ?? ""
        case .done:
            EventLines.duration(
                max(0, (branch.steps.map(\.ended).max() ?? 0) - (branch.steps.map(\.began).min() ?? 0)))
        case .failed, .waiting, .leftOut: ""
        }
    }

    private func cut(_ text: String, _ width: Int) -> String {
        text.count <= width ? text : width < 4 ? String(text.prefix(width)) : text.prefix(width - 3) + "..."
    }
}

/// `1 retry`, `2 retries`.
private func counted(_ count: Int, _ one: String, _ many: String) -> String { "\(count) \(count == 1 ? one : many)" }
