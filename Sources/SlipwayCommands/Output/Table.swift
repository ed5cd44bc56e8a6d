/// Columns of text, as kubectl prints them: upper-case headings, three spaces between.
struct Table {
    let headings: [String]
    var rows: [[String]] = []

    init(_ headings: String...) { self.init(headings) }
    init(_ headings: [String]) { self.headings = headings }

    mutating func add(_ cells: String...) { rows.append(cells) }

    var text: String {
        let all = [headings] + rows
        let widths = headings.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            let cells = row.enumerated().map { column, cell in
                column == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count + 3)
            }
            return trimmingEnd(cells.joined())
        }.joined(separator: "\n") + "\n"
    }
}
