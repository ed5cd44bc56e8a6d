/// Finds what someone probably meant.
enum Suggestion {
    /// The candidate nearest to `word`, nil when none is near enough to be meant.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        guard word.count <= 64 else { return nil }
        let folded = fold(word)
        if let same = candidates.first(where: { fold($0) == folded }) { return same }
        let ranked = candidates.map { (distance(folded, fold($0)), $0) }.filter { $0.0 <= max(1, $0.1.count / 3) }
        return ranked.min { $0.0 < $1.0 }?.1
    }

    /// `instance_type`, `instance-type` and `InstanceType` are all spelled `instancetype` here.
    private static func fold(_ word: String) -> String {
        word.lowercased().filter { $0 != "-" && $0 != "_" }
    }

    /// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
    static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left)
        let right = Array(right)
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var row = [i + 1]
            for (j, b) in right.enumerated() {
                var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a == b ? 0 : 1))
                if i > 0, j > 0, a == right[j - 1], left[i - 1] == b { cost = min(cost, beforeLast[j - 1] + 1) }
                row.append(cost)
            }
            beforeLast = last
            last = row
        }
        return last[right.count]
    }

    /// `a`, `a or b`, `a, b or c`.
    static func choice(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return "\(words.dropLast().joined(separator: ", ")) or \(last)"
    }
}
